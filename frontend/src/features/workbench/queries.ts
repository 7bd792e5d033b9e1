import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type Workbench = Answer<'/api/v1/workbench', 'get'>;
export type WorkbenchCard = Workbench['cards'][number];
export type WorkbenchList = Workbench['lists'][number];

export const workbenchQuery = queryOptions({
  queryKey: ['workbench'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/workbench', { signal })),
});
