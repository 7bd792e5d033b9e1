import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import type { Import } from '@/features/imports/queries';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

const at = (path: string) => `*/api/v1${path}`;
const importer = { permissions: [...sampleMe.permissions, 'imports:write' as const] };
const uploaded: Import = {
  import_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120801',
  kind: 'cardholders',
  file_name: '客户.csv',
  byte_count: 2048,
  format: 'csv',
  encoding: 'gb18030',
  columns: ['姓名', '手机号', '所属机构'],
  fields: [
    { name: 'name', is_required: false },
    { name: 'phone', is_required: false },
    { name: 'branch', is_required: true },
  ],
  mapping: { name: '姓名', phone: '手机号' },
  created_at: '2026-11-02T01:00:00Z',
  run: null,
};
const path = `/imports/${uploaded.import_id}`;
const beginning = { columns: uploaded.columns, rows: [{ line: 2, cells: ['沈嘉怡', '13', 'HZ01'] }] };
const ran = (over: Partial<NonNullable<Import['run']>>): Import => ({
  ...uploaded,
  mapping: { ...uploaded.mapping, branch: '所属机构' },
  run: {
    job_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120802',
    is_dry_run: true,
    errors_max: 0,
    status: 'running',
    progress_done: 30,
    progress_total: 120,
    error_code: null,
    started_at: '2026-11-02T01:01:00Z',
    finished_at: null,
    outcome: null,
    report: null,
    has_errors_file: false,
    ...over,
  },
});
const refused = ran({
  status: 'succeeded',
  outcome: 'refused',
  has_errors_file: true,
  report: {
    source: 'import',
    is_dry_run: true,
    rows_read: 9,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    refused: 2,
    files: [],
    tables: [],
    errors: [
      { file: '客户.csv', line: 2, column: 'phone', code: 'phone.invalid' },
      { file: '客户.csv', line: 7, column: null, code: 'imports.column_count' },
    ],
  },
});

it('takes a dropped file, asks for the column it lacks, tries it and shows what was refused', async () => {
  const wishes: unknown[] = [];
  let now: Import = uploaded;
  const wire: { tell?: (text: string) => void } = {};
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      wire.tell = (text) => controller.enqueue(new TextEncoder().encode(text));
    },
  });
  let headers: Headers | undefined;
  server.use(
    http.get(
      at('/events'),
      () => new HttpResponse(stream, { headers: { 'Content-Type': 'text/event-stream' } }),
    ),
    http.get(at('/imports'), () => HttpResponse.json({ items: [], next: null })),
    http.post(at('/imports'), ({ request }) => {
      headers = request.headers;
      return HttpResponse.json(uploaded, { status: 201 });
    }),
    http.get(at(path), () => HttpResponse.json(now)),
    http.get(at(`${path}/beginning`), () => HttpResponse.json(beginning)),
    http.post(at(`${path}/runs`), async ({ request }) => {
      wishes.push(await request.json());
      now = ran({});
      return HttpResponse.json(now, { status: 202 });
    }),
    ...bank(importer),
  );
  await openApp('/imports');
  const chooser = await screen.findByLabelText('文件', { selector: 'input' }, { timeout: 8000 });
  await userEvent.upload(chooser, new File(['x'], '客户.csv', { type: 'text/csv' }));
  expect(await screen.findByRole('heading', { name: '客户.csv' }, { timeout: 8000 })).toBeInTheDocument();
  expect(headers?.get('x-file-name')).toBe(encodeURIComponent('客户.csv'));
  expect(headers?.get('content-type')).toBe('application/octet-stream');
  expect(await screen.findByRole('cell', { name: '沈嘉怡' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: '试运行' })).toBeDisabled();
  await userEvent.click(screen.getByRole('combobox', { name: '网点（代码或名称）' }));
  await userEvent.click(await screen.findByTitle('所属机构'));
  await userEvent.click(screen.getByRole('button', { name: '试运行' }));
  await waitFor(() => expect(wishes).toHaveLength(1));
  expect(wishes[0]).toEqual({
    mapping: { name: '姓名', phone: '手机号', branch: '所属机构' },
    is_dry_run: true,
    errors_max: 0,
  });
  expect(await screen.findByRole('progressbar', { name: '进度' })).toHaveAttribute('aria-valuenow', '25');
  now = refused;
  wire.tell?.('id: 5\nevent: job\ndata: {"job_id":"x"}\n\n');
  expect(
    await screen.findByText('2 行有误，没有导入任何内容', undefined, { timeout: 1500 }),
  ).toBeInTheDocument();
  const list = screen.getByRole('region', { name: '被退回的行' });
  expect(within(list).getByRole('row', { name: '2 手机号 电话号码无效' })).toBeInTheDocument();
  expect(within(list).getByRole('row', { name: '7 — 列数与表头不一致' })).toBeInTheDocument();
  expect(within(list).getByRole('button', { name: '下载退回清单' })).toBeEnabled();
});

it('says in its own words why a file is none', async () => {
  server.use(
    http.get(at('/imports'), () => HttpResponse.json({ items: [ran({})], next: null })),
    http.post(at('/imports'), () => problem(422, 'imports.formula_cell')),
    ...bank(importer),
  );
  await openApp('/imports');
  expect(await screen.findByRole('link', { name: '客户.csv' }, { timeout: 8000 })).toBeInTheDocument();
  await userEvent.upload(screen.getByLabelText('文件', { selector: 'input' }), new File(['x'], 'a.csv'));
  expect(await screen.findByRole('alert')).toHaveTextContent('单元格是公式');
});
