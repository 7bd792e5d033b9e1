import type { Job } from './queries';

/** Milliseconds from start to end, or to now while it runs; null before it started. */
export function jobTook(job: Job): number | null {
  if (!job.started_at) return null;
  const end = job.finished_at ? Date.parse(job.finished_at) : Date.now();
  return end - Date.parse(job.started_at);
}
