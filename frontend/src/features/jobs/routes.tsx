import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchId, searchOneOf, withoutEmpty } from '@/lib/url-state';
import type { JobStatus } from './queries';

export const JOB_STATUSES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly JobStatus[];

export interface JobsSearch {
  status?: JobStatus;
  job?: string;
}

export const jobsRoute = {
  path: '/jobs',
  validateSearch: (raw: Record<string, unknown>): JobsSearch =>
    withoutEmpty({ status: searchOneOf(raw, 'status', JOB_STATUSES), job: searchId(raw, 'job') }),
  staticData: { permission: 'jobs:read' },
  component: lazyRouteComponent(() => withWords('system', () => import('./jobs.page')), 'JobsPage'),
} as const;
