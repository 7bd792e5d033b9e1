import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';
import { dayStart, nextDay } from '@/lib/dates';
import type { AuditSearch } from './routes';

export type AuditEntry = Answer<'/api/v1/audit_entries', 'get'>['items'][number];

const PAGE = 100;

export const auditQuery = ({ day_from, day_to, ...filter }: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit_entries', filter, day_from ?? null, day_to ?? null],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/audit_entries', {
          params: {
            query: {
              ...filter,
              occurred_from: day_from && dayStart(day_from),
              occurred_to: day_to && dayStart(nextDay(day_to)),
              limit: PAGE,
              after: pageParam,
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
