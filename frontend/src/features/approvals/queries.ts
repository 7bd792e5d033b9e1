import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http } from '@/api/client';

export type Approval = Answer<'/api/v1/approvals', 'get'>['items'][number];
export type ApprovalDetail = Answer<'/api/v1/approvals/{approval_id}', 'get'>;
export type ApprovalStatus = Approval['status'];
export type ApprovalOperation = Approval['operation'];
export type Decision = Body<'/api/v1/approvals/decide', 'post'>['decision'];
export type BulkResult = Answer<'/api/v1/approvals/decide', 'post'>['items'][number];

const PAGE = 50;

/** What a tab of the page asks for. */
const SHARES = { to_decide: { decidable: true }, mine: { mine: true }, all: {} } as const;

export const approvalsQuery = (
  share: keyof typeof SHARES,
  { status, operation }: { status?: ApprovalStatus; operation?: ApprovalOperation },
) =>
  infiniteQueryOptions({
    queryKey: ['approvals', 'list', share, status ?? null, operation ?? null],
    queryFn: ({ pageParam, signal }) =>
      call(
        http.GET('/api/v1/approvals', {
          params: { query: { ...SHARES[share], status, operation, limit: PAGE, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const approvalQuery = (approval_id: string) =>
  queryOptions({
    queryKey: ['approvals', approval_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/approvals/{approval_id}', { params: { path: { approval_id } }, signal })),
  });

/** What waits about one cardholder or member of staff. */
export const waitingAboutQuery = (object_id: string) =>
  queryOptions({
    queryKey: ['approvals', 'about', object_id],
    queryFn: async ({ signal }) =>
      (
        await call(
          http.GET('/api/v1/approvals', { params: { query: { object_id, status: 'pending' } }, signal }),
        )
      ).items,
  });

export function decideOne(approval_id: string, decision: Decision, comment: string): Promise<Approval> {
  const params = { path: { approval_id } };
  return decision === 'approve'
    ? call(
        http.POST('/api/v1/approvals/{approval_id}/approve', {
          params,
          body: comment ? { comment } : {},
        }),
      )
    : call(http.POST('/api/v1/approvals/{approval_id}/reject', { params, body: { comment } }));
}

export async function decideMany(ids: string[], decision: Decision, comment: string): Promise<BulkResult[]> {
  const body = comment ? { ids, decision, comment } : { ids, decision };
  return (await call(http.POST('/api/v1/approvals/decide', { body }))).items;
}

export const withdraw = (approval_id: string): Promise<Approval> =>
  call(http.POST('/api/v1/approvals/{approval_id}/withdraw', { params: { path: { approval_id } } }));
