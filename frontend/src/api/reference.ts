import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from './client';

/** Small tables that several pages read and few people change. */
const RARELY_MS = 10 * 60_000;

export type Branch = Answer<'/api/v1/branches', 'get'>['items'][number];
export type Manager = Answer<'/api/v1/staff/managers', 'get'>['items'][number];
export type MerchantCategory = Answer<'/api/v1/merchant_categories', 'get'>['items'][number];

export const branchesQuery = queryOptions({
  queryKey: ['branches'],
  queryFn: async ({ signal }) => (await call(http.GET('/api/v1/branches', { signal }))).items,
  staleTime: RARELY_MS,
});

export const managersQuery = (branch_id?: string) =>
  queryOptions({
    queryKey: ['staff', 'managers', branch_id ?? null],
    queryFn: async ({ signal }) =>
      (await call(http.GET('/api/v1/staff/managers', { params: { query: { branch_id } }, signal }))).items,
    staleTime: RARELY_MS,
  });

export const productsQuery = queryOptions({
  queryKey: ['products'],
  queryFn: async ({ signal }) => (await call(http.GET('/api/v1/products', { signal }))).items,
  staleTime: RARELY_MS,
});

export const merchantCategoriesQuery = queryOptions({
  queryKey: ['merchant_categories'],
  queryFn: async ({ signal }) => (await call(http.GET('/api/v1/merchant_categories', { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
