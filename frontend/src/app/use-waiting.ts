import { useQuery } from '@tanstack/react-query';
import { useCan } from '@/api/session';
import { workCountsQuery } from '@/features/work-items/queries';

/** How much waits in this person's inbox; undefined while nobody knows. */
export function useWaiting(): number | undefined {
  const enabled = useCan('work_items:write');
  const counts = useQuery({ ...workCountsQuery, enabled }).data;
  return counts?.reduce((sum, { open_count }) => sum + open_count, 0);
}
