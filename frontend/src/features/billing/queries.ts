import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type Statement = Answer<'/api/v1/cardholders/{cardholder_id}/statements', 'get'>['items'][number];
export type Repayment = Answer<'/api/v1/cardholders/{cardholder_id}/repayments', 'get'>['items'][number];
export type Loan = Answer<'/api/v1/cardholders/{cardholder_id}/loans', 'get'>['items'][number];
export type StandingOrder = Answer<
  '/api/v1/cardholders/{cardholder_id}/standing_orders',
  'get'
>['items'][number];

const PAGE = 24;

export const statementsQuery = (cardholder_id: string) =>
  infiniteQueryOptions({
    queryKey: ['cardholders', cardholder_id, 'statements'],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/statements', {
          params: { path: { cardholder_id }, query: { limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const repaymentsQuery = (cardholder_id: string) =>
  infiniteQueryOptions({
    queryKey: ['cardholders', cardholder_id, 'repayments'],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/repayments', {
          params: { path: { cardholder_id }, query: { limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const loansQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'loans'],
    queryFn: async ({ signal }) =>
      (
        await call(
          http.GET('/api/v1/cardholders/{cardholder_id}/loans', {
            params: { path: { cardholder_id } },
            signal,
          }),
        )
      ).items,
  });

export const standingOrdersQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'standing_orders'],
    queryFn: async ({ signal }) =>
      (
        await call(
          http.GET('/api/v1/cardholders/{cardholder_id}/standing_orders', {
            params: { path: { cardholder_id } },
            signal,
          }),
        )
      ).items,
  });
