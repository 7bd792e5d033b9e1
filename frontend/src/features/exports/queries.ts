import { infiniteQueryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http } from '@/api/client';

export type Export = Answer<'/api/v1/exports', 'get'>['items'][number];
export type ExportBody = Body<'/api/v1/exports', 'post'>;

/** Whether something still happens by itself. */
export const isLive = (row: Export): boolean => row.stage === 'queued' || row.stage === 'running';

export const isOpen = (row: Export): boolean => isLive(row) || row.stage === 'waiting';

const PAGE = 50;
const LIVE_MS = 1500;
const OPEN_MS = 15_000;

/** Quick while a file is being written, slow while somebody else has to decide. */
export const exportsQuery = infiniteQueryOptions({
  queryKey: ['exports'],
  queryFn: ({ pageParam, signal }) =>
    call(http.GET('/api/v1/exports', { params: { query: { limit: PAGE, after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: (query) => {
    const rows = query.state.data?.pages.flatMap((page) => page.items) ?? [];
    return rows.some(isLive) ? LIVE_MS : rows.some(isOpen) ? OPEN_MS : false;
  },
});

export const requestExport = (body: ExportBody) => call(http.POST('/api/v1/exports', { body }));

export const cancelExport = (export_id: string) =>
  call(http.POST('/api/v1/exports/{export_id}/cancel', { params: { path: { export_id } } }));

/** Hands the file to the browser under its own name. */
export async function download(row: Export): Promise<void> {
  const path = { export_id: row.export_id };
  const file = await call(
    http.GET('/api/v1/exports/{export_id}/file', { params: { path }, parseAs: 'blob' }),
  );
  const address = URL.createObjectURL(file as unknown as Blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = row.file_name ?? row.export_id;
  link.click();
  URL.revokeObjectURL(address);
}
