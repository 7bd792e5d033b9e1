import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type RetentionRules = Answer<'/api/v1/retention/rules', 'get'>;
export type Rule = RetentionRules['rules'][number];
export type KeptTable = RetentionRules['kept'][number];
export type Run = Answer<'/api/v1/retention/runs', 'get'>['items'][number];
export type Report = Answer<'/api/v1/retention/runs/{run_id}', 'get'>;
export type Result = Report['results'][number];

const PAGE = 20;
const LIVE_MS = 2000;

export const isLive = (run: Run): boolean => run.status === 'queued' || run.status === 'running';

export const rulesQuery = queryOptions({
  queryKey: ['retention', 'rules'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/retention/rules', { signal })),
  // They change with the server's version alone.
  staleTime: Number.POSITIVE_INFINITY,
});

export const runsQuery = infiniteQueryOptions({
  queryKey: ['retention', 'runs'],
  queryFn: ({ pageParam, signal }) =>
    call(
      http.GET('/api/v1/retention/runs', { params: { query: { limit: PAGE, after: pageParam } }, signal }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: (query) =>
    query.state.data?.pages.some((page) => page.items.some(isLive)) ? LIVE_MS : false,
});

export const reportQuery = (run_id: string) =>
  queryOptions({
    queryKey: ['retention', 'runs', run_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/retention/runs/{run_id}', { params: { path: { run_id } }, signal })),
    refetchInterval: (query) => (query.state.data && isLive(query.state.data.run) ? LIVE_MS : false),
  });

export const startRun = (is_dry_run: boolean) =>
  call(http.POST('/api/v1/retention/runs', { body: { is_dry_run } }));
