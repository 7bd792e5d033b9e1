import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type NewSecondFactor = Answer<'/api/v1/auth/second_factor', 'post'>;
export type SecondFactorState = Answer<'/api/v1/auth/second_factor', 'get'>;

export const secondFactorQuery = queryOptions({
  queryKey: ['security', 'second_factor'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/auth/second_factor', { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ['security', 'sessions'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/sessions', { signal })),
});
