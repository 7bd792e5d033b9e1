import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http, type Query } from '@/api/client';

export type SubjectRequest = Answer<'/api/v1/subject_requests/{request_id}', 'get'>;
export type SubjectRequestKind = SubjectRequest['kind'];
export type RequestStatus = SubjectRequest['status'];
export type NewSubjectRequest = Body<'/api/v1/cardholders/{cardholder_id}/subject_requests', 'post'>;
export type RequestExtension = Body<'/api/v1/subject_requests/{request_id}/extend', 'post'>;
type Filter = Pick<
  Query<'/api/v1/subject_requests', 'get'>,
  'status' | 'kind' | 'is_overdue' | 'cardholder_id'
>;

export const KINDS = [
  'access',
  'portability',
  'correction',
  'erasure',
  'objection',
  'human_review',
] as const satisfies readonly SubjectRequestKind[];
export const STATUSES = ['open', 'done', 'refused'] as const satisfies readonly RequestStatus[];
export const VIA = [
  'counter',
  'phone',
  'letter',
  'online',
] as const satisfies readonly SubjectRequest['received_via'][];
const PAGE = 50;

export const hasPackage = (kind: SubjectRequestKind): boolean => kind === 'access' || kind === 'portability';

export const subjectRequestsQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['subject_requests', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/subject_requests', {
          params: { query: { ...filter, limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const subjectRequestQuery = (request_id: string) =>
  queryOptions({
    queryKey: ['subject_requests', request_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/subject_requests/{request_id}', { params: { path: { request_id } }, signal })),
  });

export const register = (cardholder_id: string, body: NewSubjectRequest): Promise<SubjectRequest> =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/subject_requests', {
      params: { path: { cardholder_id } },
      body,
    }),
  );

const one = (request_id: string) => ({ path: { request_id } });

export const extend = (request_id: string, body: RequestExtension): Promise<SubjectRequest> =>
  call(http.POST('/api/v1/subject_requests/{request_id}/extend', { params: one(request_id), body }));

export const complete = (request_id: string, answer: string): Promise<SubjectRequest> =>
  call(
    http.POST('/api/v1/subject_requests/{request_id}/complete', {
      params: one(request_id),
      body: { answer },
    }),
  );

export const refuse = (request_id: string, answer: string): Promise<SubjectRequest> =>
  call(
    http.POST('/api/v1/subject_requests/{request_id}/refuse', { params: one(request_id), body: { answer } }),
  );

export const makePackage = (request_id: string) =>
  call(http.POST('/api/v1/subject_requests/{request_id}/package', { params: one(request_id) }));

export type PackageOpening = Body<'/api/v1/subject_requests/{request_id}/open_package', 'post'>;

/** Never through the query cache: what is in it goes into a file and nowhere else. */
export const openPackage = (request_id: string, body: PackageOpening) =>
  call(http.POST('/api/v1/subject_requests/{request_id}/open_package', { params: one(request_id), body }));

export type ErasureCheck = Answer<'/api/v1/cardholders/{cardholder_id}/erasure_check', 'get'>;
export type NewLegalHold = Body<'/api/v1/cardholders/{cardholder_id}/legal_holds', 'post'>;
export const HOLD_REASONS: NewLegalHold['reason'][] = ['litigation', 'investigation', 'regulator', 'dispute'];

export const erasureCheckQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['subject_requests', 'erasure', cardholder_id],
    queryFn: ({ signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/erasure_check', {
          params: { path: { cardholder_id } },
          signal,
        }),
      ),
  });

export const requestErasure = (request_id: string) =>
  call(http.POST('/api/v1/subject_requests/{request_id}/erase', { params: one(request_id) }));

export const placeHold = (cardholder_id: string, body: NewLegalHold) =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/legal_holds', {
      params: { path: { cardholder_id } },
      body,
    }),
  );

export const liftHold = (cardholder_id: string, hold_id: string) =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/legal_holds/{hold_id}/lift', {
      params: { path: { cardholder_id, hold_id } },
    }),
  );
