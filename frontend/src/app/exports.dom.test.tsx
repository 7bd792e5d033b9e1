import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';
import { useSession } from '@/api/session';
import type { Export } from '@/features/exports/queries';
import type { Statistics } from '@/features/statistics/queries';
import { loadLang } from '@/lib/i18n';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

// What a chart draws is for eyes; its label is told.
vi.mock('@/ui/chart', () => ({
  Chart: ({ label }: { label: string }) => <div role="img" aria-label={label} />,
}));

const SLOW = { timeout: 10_000 };
const at = (path: string) => `*/api/v1${path}`;

const row: Export = {
  export_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120071',
  list: 'cardholders',
  cardholder_id: null,
  query: { lifecycle: 'dormant' } as unknown as Export['query'],
  format: 'csv',
  purpose: 'risk_review',
  note: null,
  stage: 'running',
  rows_expected: 4000,
  rows_written: 1000,
  approval_id: null,
  file_name: null,
  row_count: null,
  byte_count: null,
  sha256: null,
  error_code: null,
  download_count: 0,
  created_at: '2026-11-02T01:00:00Z',
  finished_at: null,
  expires_at: null,
};
const ready: Export = {
  ...row,
  export_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120072',
  stage: 'ready',
  file_name: 'cardholders-20261102-1f2e0242.csv',
  row_count: 4000,
  byte_count: 614_400,
  sha256: 'ab'.repeat(32),
  finished_at: '2026-11-02T01:00:05Z',
  expires_at: '2026-11-03T01:00:00Z',
};
const failed: Export = {
  ...row,
  export_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120073',
  list: 'statistics',
  stage: 'failed',
  error_code: 'exports.grown',
};

const group = (key: string, name: string | null, value: number | null, rows: number | null) => ({
  key,
  name,
  value,
  row_count: rows,
  is_suppressed: value === null,
});
const statistics: Statistics = {
  measure: 'balances',
  by: 'branch',
  unit: 'minor',
  currency: 'CNY',
  currencies: ['CNY'],
  as_of: '2026-11-02T01:00:00Z',
  month_from: null,
  month_to: null,
  groups: [
    group('a', '鄞州支行', 75_000, 7),
    group('b', '西溪支行', null, null),
    group('c', '钱江新城支行', null, null),
  ],
  total: group('', null, 100_000, 16),
  may_narrow: false,
  people_min: 5,
};

beforeEach(() => {
  server.use(
    ...bank({
      role: 'marketing_manager',
      permissions: ['cardholders:read', 'accounts:read', 'statistics:read', 'exports:run'],
    }),
    http.get(at('/products'), () => HttpResponse.json({ items: [] })),
    http.get(at('/exports'), () => HttpResponse.json({ items: [row, ready, failed], next: null })),
    http.get(at('/statistics'), () => HttpResponse.json(statistics)),
  );
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

it('takes the list’s conditions along, says what a file needs, and shows the refusal where it belongs', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.post(at('/exports'), async ({ request }) => {
      sent.push(await request.json());
      return sent.length === 1
        ? problem(429, 'exports.quota_exceeded', { params: { daily_max: 20 } })
        : HttpResponse.json({ ...row, stage: 'waiting' }, { status: 202 });
    }),
  );
  await openApp('/cardholders?lifecycle=dormant&age_min=30');
  await user.click(await screen.findByRole('link', { name: '导出数据' }, SLOW));
  await screen.findByText('导出客户列表', {}, SLOW);
  const dialog = screen.getByRole('dialog', { hidden: true });
  expect(dialog).toHaveTextContent('lifecycle=dormant');
  expect(dialog).toHaveTextContent('age_min=30');
  await user.click(within(dialog).getByRole('button', { name: /提\s?交/, hidden: true }));
  expect(sent).toEqual([]);
  await user.click(within(dialog).getByRole('combobox', { hidden: true }));
  await user.click(await screen.findByTitle('风险检查'));
  await user.click(within(dialog).getByLabelText('Excel'));
  await user.click(within(dialog).getByRole('button', { name: /提\s?交/, hidden: true }));
  expect(await within(dialog).findByText(/今天的 20 次导出已用完/)).toBeInTheDocument();
  await user.click(within(dialog).getByRole('button', { name: /提\s?交/, hidden: true }));
  expect(await screen.findByText(/已提交审批/)).toBeInTheDocument();
  const body = { list: 'cardholders', query: { lifecycle: 'dormant', age_min: 30 }, purpose: 'risk_review' };
  expect(sent).toEqual([
    { ...body, format: 'xlsx' },
    { ...body, format: 'xlsx' },
  ]);
  await waitFor(() => expect(location.search).toBe(''));
});

it('says how far each is, fetches a file that is there, and names why there is none', async () => {
  const user = userEvent.setup();
  const saved: string[] = [];
  URL.createObjectURL = () => 'blob:export';
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  server.use(
    http.get(at(`/exports/${ready.export_id}/file`), () => new HttpResponse('# Cardea', { status: 200 })),
  );
  await openApp('/exports');
  const table = await screen.findByRole('table', { name: '导出' }, SLOW);
  expect(within(table).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
  expect(within(table).getByText('600 KB')).toBeInTheDocument();
  await user.click(within(table).getByRole('button', { name: /下载/ }));
  await waitFor(() => expect(saved).toEqual(['cardholders-20261102-1f2e0242.csv']));
  await user.click(within(table).getByRole('button', { name: '统计分析' }));
  expect(await screen.findByText('数据已增加到需要审批的行数，请重新提交')).toBeInTheDocument();
  await loadLang('en');
  expect(await screen.findByRole('table', { name: 'Exports' })).toHaveTextContent('Being written');
});

it('shows no figure that is kept back, and says why filters are closed', async () => {
  await openApp('/statistics?measure=balances');
  const table = await screen.findByRole('table', { name: '统计分析' }, SLOW);
  const lines = within(table)
    .getAllByRole('row')
    .map((line) => line.textContent);
  expect(lines[1]).toContain('鄞州支行¥750.0075.0%7 个账户');
  expect(lines[2]).toContain('不显示');
  expect(lines[4]).toContain('合计¥1,000.00');
  expect(screen.getByText(/少于 5 人的分组不显示/)).toBeInTheDocument();
  expect(screen.getByText(/^截至 2026-11-02 09:00/)).toBeInTheDocument();
  expect(screen.queryByRole('combobox', { name: '网点（含下级）' })).toBeNull();
  expect(await screen.findByRole('img', { name: '账户余额按网点，共 1 组' })).toBeInTheDocument();
  expect(screen.getByRole('link', { name: '导出数据' })).toHaveAttribute(
    'href',
    expect.stringContaining('list=statistics'),
  );
});
