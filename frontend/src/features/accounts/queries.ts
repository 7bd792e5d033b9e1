import { queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';

export type Account = Answer<'/api/v1/cardholders/{cardholder_id}/accounts', 'get'>['items'][number];
export type Card = Answer<'/api/v1/cardholders/{cardholder_id}/cards', 'get'>['items'][number];

export const accountsQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'accounts'],
    queryFn: async ({ signal }) =>
      (
        await call(
          http.GET('/api/v1/cardholders/{cardholder_id}/accounts', {
            params: { path: { cardholder_id } },
            signal,
          }),
        )
      ).items,
  });

export const cardsQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'cards'],
    queryFn: async ({ signal }) =>
      (
        await call(
          http.GET('/api/v1/cardholders/{cardholder_id}/cards', {
            params: { path: { cardholder_id } },
            signal,
          }),
        )
      ).items,
  });
