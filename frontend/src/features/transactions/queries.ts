import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http, type Query } from '@/api/client';

export type Transaction = Answer<'/api/v1/cardholders/{cardholder_id}/transactions', 'get'>['items'][number];
export type TransactionFilter = Omit<
  Query<'/api/v1/cardholders/{cardholder_id}/transactions', 'get'>,
  'limit' | 'after'
>;
export type Spending = Answer<'/api/v1/cardholders/{cardholder_id}/spending', 'get'>;

export const SPENDING_MONTHS = 12;

export const transactionsQuery = (cardholder_id: string, filter: TransactionFilter, limit: number) =>
  infiniteQueryOptions({
    queryKey: ['cardholders', cardholder_id, 'transactions', filter, limit],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/transactions', {
          params: { path: { cardholder_id }, query: { ...filter, limit, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const spendingQuery = (cardholder_id: string, currency?: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'spending', currency ?? null],
    queryFn: ({ signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/spending', {
          params: { path: { cardholder_id }, query: { months: SPENDING_MONTHS, currency } },
          signal,
        }),
      ),
  });
