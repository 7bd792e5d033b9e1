import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http, type Query } from '@/api/client';

export type Staff = Answer<'/api/v1/staff', 'get'>['items'][number];
export type NewStaff = Body<'/api/v1/staff', 'post'>;
export type StaffPatch = Body<'/api/v1/staff/{staff_id}', 'patch'>;
export type StaffFilter = Omit<Query<'/api/v1/staff', 'get'>, 'limit' | 'after'>;

const PAGE = 50;

export const staffSessionsQuery = (staff_id: string) =>
  queryOptions({
    queryKey: ['staff', 'sessions', staff_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/staff/{staff_id}/sessions', { params: { path: { staff_id } }, signal })),
  });

export const staffQuery = (filter: StaffFilter) =>
  infiniteQueryOptions({
    queryKey: ['staff', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/staff', {
          params: { query: { ...filter, limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
