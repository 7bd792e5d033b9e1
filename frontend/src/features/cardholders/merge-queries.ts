import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http, ifMatch } from '@/api/client';
import type { Cardholder } from './queries';

export type Merge = Answer<'/api/v1/cardholders/{cardholder_id}/merges', 'get'>['items'][number];
export type Preview = Answer<'/api/v1/cardholders/{cardholder_id}/preview_merge', 'post'>;

export const mergesQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'merges'],
    queryFn: async ({ signal }) =>
      (
        await call(
          http.GET('/api/v1/cardholders/{cardholder_id}/merges', {
            params: { path: { cardholder_id } },
            signal,
          }),
        )
      ).items,
  });

export const previewQuery = (cardholder_id: string, absorbed_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'merge_preview', absorbed_id],
    queryFn: ({ signal }) =>
      call(
        http.POST('/api/v1/cardholders/{cardholder_id}/preview_merge', {
          params: { path: { cardholder_id } },
          body: { absorbed_id },
          signal,
        }),
      ),
  });

/** Against the version of the survivor that was compared. */
export const merge = ({ cardholder_id, version }: Cardholder, absorbed_id: string, evidence_note: string) =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/merge', {
      params: { path: { cardholder_id }, header: ifMatch(version) },
      body: { absorbed_id, evidence_note },
    }),
  );

export const unmerge = (cardholder_id: string, merge_id: string, reason: string) =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/unmerge', {
      params: { path: { cardholder_id } },
      body: { merge_id, reason },
    }),
  );

/** Who was merged, in words. */
export const whoOf = (merge: Merge): string =>
  merge.records.map(({ name, customer_no }) => [name, customer_no].filter(Boolean).join(' ')).join(' · ');
