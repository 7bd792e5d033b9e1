import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, callTagged, http, type Query } from '@/api/client';

export type Cardholder = Answer<'/api/v1/cardholders/{cardholder_id}', 'get'>;
type CardholderSearch = Body<'/api/v1/cardholders/search', 'post'>;
export type CardholderHit = Answer<'/api/v1/cardholders/search', 'post'>['items'][number];
export type FoundBy = CardholderHit['matched_by'];
export type CardholderListItem = Answer<'/api/v1/cardholders', 'get'>['items'][number] &
  Partial<Pick<CardholderHit, 'matched_by'>>;
interface CardholderPage {
  items: CardholderListItem[];
  next: string | null;
  count: number | null;
}
export type CardholderFilter = Omit<Query<'/api/v1/cardholders', 'get'>, 'limit' | 'after' | 'count'>;
export type NewCardholder = Body<'/api/v1/cardholders', 'post'>;
export type NewPhone = Body<'/api/v1/cardholders/{cardholder_id}/phones', 'post'>;
export type NewEmail = Body<'/api/v1/cardholders/{cardholder_id}/emails', 'post'>;
export type NewAddress = Body<'/api/v1/cardholders/{cardholder_id}/addresses', 'post'>;
export type CardholderPatch = Body<'/api/v1/cardholders/{cardholder_id}', 'patch'>;
export type Contacts = Answer<'/api/v1/cardholders/{cardholder_id}/contacts', 'get'>;
export type Change = Answer<'/api/v1/cardholders/{cardholder_id}/changes', 'get'>['items'][number];
export type SavedView = Answer<'/api/v1/saved_views', 'get'>['items'][number];
export type Lifecycle = Cardholder['lifecycle'];

const PAGE = 100;
const CHANGES_PAGE = 20;

/** The list, or with `q` a search: that one goes in a body, as what is looked for is personal data. */
export const cardholdersQuery = (filter: CardholderFilter, q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['cardholders', 'list', filter, q ?? null],
    queryFn: ({ pageParam: after, signal }): Promise<CardholderPage> =>
      q === undefined
        ? call(
            http.GET('/api/v1/cardholders', {
              // The count is asked for once: the first page carries it.
              params: { query: { ...filter, limit: PAGE, after, count: after ? undefined : true } },
              signal,
            }),
          )
        : searchCardholders({ ...filter, q, limit: PAGE, after }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

const searchCardholders = (body: CardholderSearch, signal: AbortSignal) =>
  call(http.POST('/api/v1/cardholders/search', { body, signal }));

export const findCardholdersQuery = (q: string, limit: number) =>
  queryOptions({
    queryKey: ['cardholders', 'find', q, limit],
    queryFn: async ({ signal }) => (await searchCardholders({ q, limit }, signal)).items,
    placeholderData: keepPreviousData,
    // What was searched for may be a phone or an ID number: gone as soon as the palette closes.
    gcTime: 0,
  });

export const cardholderQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'profile'],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/cardholders/{cardholder_id}', { params: { path: { cardholder_id } }, signal })),
  });

export const contactsQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['cardholders', cardholder_id, 'contacts'],
    queryFn: ({ signal }) =>
      callTagged(
        http.GET('/api/v1/cardholders/{cardholder_id}/contacts', {
          params: { path: { cardholder_id } },
          signal,
        }),
      ),
  });

export const changesQuery = (cardholder_id: string, field?: string) =>
  infiniteQueryOptions({
    queryKey: ['cardholders', cardholder_id, 'changes', field ?? null],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/changes', {
          params: { path: { cardholder_id }, query: { field, limit: CHANGES_PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const savedViewsQuery = queryOptions({
  queryKey: ['saved_views', 'cardholders'],
  queryFn: async ({ signal }) =>
    (await call(http.GET('/api/v1/saved_views', { params: { query: { page: 'cardholders' } }, signal })))
      .items,
});
