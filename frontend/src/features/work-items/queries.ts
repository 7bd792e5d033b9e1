import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type WorkItem = Answer<'/api/v1/work_items', 'get'>['items'][number];
export type WorkKind = WorkItem['kind'];
export type WorkShare = 'open' | 'mine' | 'unclaimed';

const PAGE = 50;
/** Others take items meanwhile. */
const FRESH_MS = 30_000;

export interface WorkFilter {
  kind?: WorkKind;
  share?: WorkShare;
}

export const workItemsQuery = (filter: WorkFilter) =>
  infiniteQueryOptions({
    queryKey: ['work_items', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/work_items', {
          params: { query: { ...filter, limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });

export const workCountsQuery = queryOptions({
  queryKey: ['work_items', 'counts'],
  queryFn: async ({ signal }) => (await call(http.GET('/api/v1/work_items/counts', { signal }))).items,
  refetchInterval: FRESH_MS,
});

const place = ({ kind, item_id }: Pick<WorkItem, 'kind' | 'item_id'>) => ({
  params: { path: { kind, item_id } },
});

export const claim = (item: WorkItem): Promise<WorkItem> =>
  call(http.POST('/api/v1/work_items/{kind}/{item_id}/claim', place(item)));

export const release = (item: WorkItem): Promise<WorkItem> =>
  call(http.POST('/api/v1/work_items/{kind}/{item_id}/release', place(item)));

/** The most pressing one that nobody has taken. */
export const takeNext = (kind: WorkKind | undefined): Promise<WorkItem> =>
  call(http.POST('/api/v1/work_items/take_next', { body: { kind } }));
