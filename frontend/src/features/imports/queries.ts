import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, call, http } from '@/api/client';
import { transfer } from '@/api/transfer';

export type Import = Answer<'/api/v1/imports/{import_id}', 'get'>;
export type ImportKind = Import['kind'];
export type Beginning = Answer<'/api/v1/imports/{import_id}/beginning', 'get'>;
export type Run = NonNullable<Import['run']>;
export type Report = NonNullable<Run['report']>;

export const IMPORT_KINDS = ['cardholders', 'transactions'] as const satisfies readonly ImportKind[];
const PAGE = 30;
/** Events tell of every step; this is for when they do not come. */
const LIVE_MS = 3000;

export const isLive = (one: Import): boolean =>
  one.run !== null && (one.run.status === 'queued' || one.run.status === 'running');

export const importsQuery = infiniteQueryOptions({
  queryKey: ['imports', 'list'],
  queryFn: ({ pageParam, signal }) =>
    call(http.GET('/api/v1/imports', { params: { query: { limit: PAGE, after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: (query) =>
    query.state.data?.pages.some((page) => page.items.some(isLive)) ? LIVE_MS : false,
});

export const importQuery = (import_id: string) =>
  queryOptions({
    queryKey: ['imports', import_id],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/imports/{import_id}', { params: { path: { import_id } }, signal })),
    refetchInterval: (query) => (query.state.data && isLive(query.state.data) ? LIVE_MS : false),
  });

export const beginningQuery = (import_id: string) =>
  queryOptions({
    queryKey: ['imports', import_id, 'beginning'],
    queryFn: ({ signal }) =>
      call(http.GET('/api/v1/imports/{import_id}/beginning', { params: { path: { import_id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    // What somebody's file holds is not kept once its page is left.
    gcTime: 0,
  });

export async function upload(kind: ImportKind, file: File): Promise<Import> {
  const answer = await transfer(`/api/v1/imports?kind=${kind}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/octet-stream',
      'X-File-Name': encodeURIComponent(file.name),
    },
    body: file,
  });
  return (await answer.json()) as Import;
}

export interface Wish {
  mapping: Record<string, string>;
  is_dry_run: boolean;
  errors_max: number;
}

export const start = (import_id: string, wish: Wish): Promise<Import> =>
  call(http.POST('/api/v1/imports/{import_id}/runs', { params: { path: { import_id } }, body: wish }));

export const cancel = (import_id: string): Promise<Import> =>
  call(http.POST('/api/v1/imports/{import_id}/cancel', { params: { path: { import_id } } }));
