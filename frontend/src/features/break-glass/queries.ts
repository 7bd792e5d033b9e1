import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http, type Query } from '@/api/client';

export type GrantLine = Answer<'/api/v1/break_glass_grants', 'get'>['items'][number];
export type Grant = Answer<'/api/v1/break_glass_grants', 'post'>;
export type NewGrant = Body<'/api/v1/break_glass_grants', 'post'>;
export type Review = Body<'/api/v1/break_glass_grants/{grant_id}/review', 'post'>;
export type GrantFilter = Omit<Query<'/api/v1/break_glass_grants', 'get'>, 'limit' | 'after'>;
export type Reason = Grant['reason'];

/** The server's own limits: minutes that a record may stay open. */
export const MINUTES = { min: 5, max: 240, usual: 60 } as const;

const PAGE = 50;
const ALL_OF_A_DAY = 50;

export const isOpen = (grant: Pick<Grant, 'ends_at'>, now: Date): boolean =>
  Date.parse(grant.ends_at) > now.getTime();

export const grantsQuery = (filter: GrantFilter) =>
  infiniteQueryOptions({
    queryKey: ['break_glass', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/break_glass_grants', {
          params: { query: { ...filter, limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** One's own grants that may still be open: none stays open longer than the longest time. */
export const recentGrantsQuery = (staff_id: string) =>
  queryOptions({
    queryKey: ['break_glass', 'recent', staff_id],
    queryFn: async ({ signal }): Promise<Grant[]> => {
      const granted_from = new Date(Date.now() - MINUTES.max * 60_000).toISOString();
      const query = { staff_id, granted_from, limit: ALL_OF_A_DAY };
      return (await call(http.GET('/api/v1/break_glass_grants', { params: { query }, signal }))).items;
    },
  });

export const openRecord = (body: NewGrant): Promise<Grant> =>
  call(http.POST('/api/v1/break_glass_grants', { body }));

export const closeRecord = (grant_id: string): Promise<Grant> =>
  call(http.POST('/api/v1/break_glass_grants/{grant_id}/close', { params: { path: { grant_id } } }));

export const reviewGrant = (grant_id: string, body: Review): Promise<Grant> =>
  call(http.POST('/api/v1/break_glass_grants/{grant_id}/review', { params: { path: { grant_id } }, body }));
