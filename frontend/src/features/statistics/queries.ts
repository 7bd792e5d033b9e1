import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http, type Query } from '@/api/client';

export type Statistics = Answer<'/api/v1/statistics', 'get'>;
export type StatisticsGroup = Statistics['groups'][number];
export type StatisticsFilter = Query<'/api/v1/statistics', 'get'>;

/** The figures are added up ahead, so that asking often tells nothing new. */
const FRESH_MS = 60_000;

export const statisticsQuery = (filter: StatisticsFilter) =>
  queryOptions({
    queryKey: ['statistics', filter],
    queryFn: ({ signal }) => call(http.GET('/api/v1/statistics', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  });
