import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type Job = Answer<'/api/v1/jobs', 'get'>['items'][number];
export type JobStatus = Job['status'];

const PAGE = 50;
const LIVE_MS = 2000;
const IDLE_MS = 30_000;

export const isLive = (job: Job): boolean => job.status === 'queued' || job.status === 'running';

export const jobsQuery = (status: JobStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: ['jobs', 'list', status ?? null],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/jobs', { params: { query: { status, limit: PAGE, after: pageParam } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(isLive)) ? LIVE_MS : IDLE_MS,
  });

export const jobQuery = (job_id: string) =>
  queryOptions({
    queryKey: ['jobs', job_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id } }, signal })),
    refetchInterval: (query) => (query.state.data && isLive(query.state.data) ? LIVE_MS : false),
  });
