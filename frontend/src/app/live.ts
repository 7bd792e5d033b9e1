import { type BankEvent, follow } from '@/api/events';
import { queryClient } from './query-client';

/** What is asked for anew once something has happened; pages that are not open ask when they are. */
const STALE: Record<BankEvent['kind'], readonly string[]> = {
  job: ['jobs', 'imports', 'exports', 'keys'],
  work_items: ['work_items', 'approvals'],
  reset: ['jobs', 'imports', 'exports', 'keys', 'work_items', 'approvals'],
};

/** Keeps open pages up to date until `signal` ends it. */
export function live(signal: AbortSignal): Promise<void> {
  return follow(signal, ({ kind }) => {
    for (const key of STALE[kind]) void queryClient.invalidateQueries({ queryKey: [key] });
  });
}
