import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';
import { dayStart, nextDay } from '@/lib/dates';
import type { AnomalySearch, AuditSearch } from './routes';

export type AuditEntry = Answer<'/api/v1/audit_entries', 'get'>['items'][number];
export type Anomaly = Answer<'/api/v1/audit/anomalies', 'get'>['items'][number];
export type AccessLogLine = Answer<'/api/v1/cardholders/{cardholder_id}/access_log', 'get'>['items'][number];
export type BatchVerdict = Answer<'/api/v1/audit/verify', 'get'>['items'][number];

/** What a verification's job leaves as its result. */
export interface VerifyResult {
  batches: number;
  rows: number;
  faulty_count: number;
  faulty: BatchVerdict[];
}

const PAGE = 100;
const LIVE_MS = 700;

/** The filter as the server is asked with: days become moments. */
export const auditFilter = ({ day_from, day_to, ...filter }: AuditSearch) => ({
  ...filter,
  occurred_from: day_from && dayStart(day_from),
  occurred_to: day_to && dayStart(nextDay(day_to)),
});

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit_entries', search],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/audit_entries', {
          params: {
            query: { ...auditFilter(search), limit: PAGE, after: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const anomaliesQuery = ({ is_reviewed, ...filter }: AnomalySearch) =>
  infiniteQueryOptions({
    queryKey: ['anomalies', filter, is_reviewed ?? null],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/audit/anomalies', {
          params: {
            query: {
              ...filter,
              is_reviewed: is_reviewed && is_reviewed === 'true',
              limit: PAGE,
              after: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const accessLogQuery = (cardholder_id: string) =>
  infiniteQueryOptions({
    queryKey: ['cardholders', cardholder_id, 'access_log'],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/access_log', {
          params: { path: { cardholder_id }, query: { limit: 50, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const anchorsQuery = queryOptions({
  queryKey: ['audit_anchors'],
  queryFn: async ({ signal }) => (await call(http.GET('/api/v1/audit/anchors', { signal }))).items,
});

export const startVerification = () => call(http.POST('/api/v1/audit/verifications', { body: {} }));

/** A verification while it runs and when it has ended. */
export const verificationQuery = (job_id: string) =>
  queryOptions({
    queryKey: ['audit_verification', job_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id } }, signal })),
    refetchInterval: (query) => {
      const status = query.state.data?.status;
      return status === undefined || status === 'queued' || status === 'running' ? LIVE_MS : false;
    },
  });
