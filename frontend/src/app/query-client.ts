import { QueryClient } from '@tanstack/react-query';
import { isTransient } from '@/api/problem';

const STALE_MS = 30_000;
const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < RETRIES && isTransient(error),
    },
  },
});
