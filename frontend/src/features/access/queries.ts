import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type AccessMatrix = Answer<'/api/v1/access_matrix', 'get'>;
export type RoleAccess = AccessMatrix['roles'][number];
export type ClassedTable = AccessMatrix['tables'][number];
export type ClassedField = ClassedTable['fields'][number];

export const accessMatrixQuery = queryOptions({
  queryKey: ['access_matrix'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/access_matrix', { signal })),
  // It changes with the server's version alone.
  staleTime: Number.POSITIVE_INFINITY,
});
