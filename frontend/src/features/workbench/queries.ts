import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type Workbench = Answer<'/api/v1/workbench', 'get'>;
export type WorkbenchCard = Workbench['cards'][number];
export type WorkbenchList = Workbench['lists'][number];

export const workbenchQuery = queryOptions({
  queryKey: ['workbench'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/workbench', { signal })),
});

export type AuditEntry = Answer<'/api/v1/audit_entries', 'get'>['items'][number];
export type Job = Answer<'/api/v1/jobs', 'get'>['items'][number];

const LATEST = 8;
const LOOKED_THROUGH = 100;

export const latestEntriesQuery = queryOptions({
  queryKey: ['workbench', 'audit_entries'],
  queryFn: async ({ signal }) => {
    const query = { limit: LOOKED_THROUGH };
    const { items } = await call(http.GET('/api/v1/audit_entries', { params: { query }, signal }));
    // A session that renews itself is nothing that anybody did.
    return items.filter(({ action }) => action !== 'sessions.refresh').slice(0, LATEST);
  },
});

export const latestJobsQuery = queryOptions({
  queryKey: ['workbench', 'jobs'],
  queryFn: async ({ signal }) => {
    const query = { limit: LATEST };
    return (await call(http.GET('/api/v1/jobs', { params: { query }, signal }))).items;
  },
});
