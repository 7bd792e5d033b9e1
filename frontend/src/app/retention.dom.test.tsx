import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import type { Report, RetentionRules, Run } from '@/features/retention/queries';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const SLOW = { timeout: 10_000 };
const at = (path: string) => `*/api/v1${path}`;

const rules: RetentionRules = {
  rules: [
    {
      table_name: 'exports',
      counted_from: 'created_at',
      period: 3,
      unit: 'year',
      ground: 'privacy_law',
      end: 'delete',
      owner: null,
      is_held_back: true,
    },
    {
      table_name: 'files',
      counted_from: 'expires_at',
      period: null,
      unit: 'day',
      ground: 'own_time',
      end: 'owner',
      owner: 'files.expire',
      is_held_back: false,
    },
    {
      table_name: 'transactions',
      counted_from: 'occurred_at',
      period: 10,
      unit: 'year',
      ground: 'aml_law',
      end: 'keep',
      owner: null,
      is_held_back: false,
    },
  ],
  kept: [
    { table_name: 'erased_cardholders', reason: 'tombstone' },
    { table_name: 'erased_marks', reason: 'tombstone' },
  ],
};
const run: Run = {
  run_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120081',
  is_dry_run: true,
  run_on: '2026-11-02',
  status: 'succeeded',
  staff_no: null,
  job_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120082',
  due_count: 1200,
  held_count: 7,
  deleted_count: 0,
  created_at: '2026-11-02T01:00:00Z',
  finished_at: '2026-11-02T01:00:05Z',
};
const deletion: Run = {
  ...run,
  run_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120083',
  is_dry_run: false,
  staff_no: 'A0001',
  deleted_count: 1193,
};
const result = {
  table_name: 'exports',
  due_count: 1200,
  held_count: 7,
  deleted_count: 0,
  oldest_on: '2019-05-04',
};
const reports: Record<string, Report> = {
  [run.run_id]: { run, results: [result] },
  [deletion.run_id]: { run: deletion, results: [{ ...result, deleted_count: 1193 }] },
};

function visit(permissions: ('retention:read' | 'retention:run')[]) {
  server.use(...bank({ role: 'admin', permissions }));
}

beforeEach(() => {
  visit(['retention:read', 'retention:run']);
  server.use(
    http.get(at('/retention/rules'), () => HttpResponse.json(rules)),
    http.get(at('/retention/runs'), () => HttpResponse.json({ items: [run], next: null })),
    http.get(at('/retention/runs/:run_id'), ({ params }) =>
      HttpResponse.json(reports[String(params.run_id)]),
    ),
  );
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

it('says in plain words how long each table keeps its rows, and what has no period', async () => {
  await openApp('/retention');
  const table = await screen.findByRole('table', { name: '保留规则' }, SLOW);
  const line = (name: RegExp) => within(table).getByRole('row', { name });
  expect(line(/导出记录/)).toHaveTextContent('3 年');
  expect(line(/导出记录/)).toHaveTextContent('创建时间');
  expect(line(/导出记录/)).toHaveTextContent('保全优先');
  expect(line(/文件/)).toHaveTextContent('过期文件清理');
  expect(line(/文件/)).toHaveTextContent('按各自期限');
  expect(line(/交易/)).toHaveTextContent('至少 10 年');
  expect(screen.getByText('已删除客户、已删除证件标记')).toBeInTheDocument();
});

/** Says yes to the question that the button asks. */
async function removeDue(user: ReturnType<typeof userEvent.setup>) {
  await user.click(await screen.findByRole('button', { name: '删除到期数据' }, SLOW));
  await screen.findAllByText(/无法恢复/, {}, SLOW);
  const [, yes] = screen.getAllByRole('button', { name: '删除到期数据', hidden: true });
  await user.click(yes as HTMLElement);
}

it('counts at a click and shows the report, asks before it deletes', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.post(at('/retention/runs'), async ({ request }) => {
      const wish = (await request.json()) as { is_dry_run: boolean };
      sent.push(wish);
      return HttpResponse.json(wish.is_dry_run ? run : deletion, { status: 202 });
    }),
  );
  await openApp('/retention');
  await screen.findByRole('table', { name: '执行记录' }, SLOW);
  const [count] = screen.getAllByRole('button', { name: /^预\s?演$/ });
  await user.click(count as HTMLElement);
  const report = await screen.findByRole('table', { name: '执行报告', hidden: true }, SLOW);
  expect(within(report).getByRole('row', { name: /导出记录/, hidden: true })).toHaveTextContent('2019-05-04');
  expect(within(report).queryByText('已删除')).not.toBeInTheDocument();
  await waitFor(() => expect(location.search).toContain(run.run_id), SLOW);
  expect(sent).toEqual([{ is_dry_run: true }]);
  await removeDue(user);
  expect(await screen.findByText('1,193', {}, SLOW)).toBeInTheDocument();
  expect(sent).toEqual([{ is_dry_run: true }, { is_dry_run: false }]);
});

it('says why nothing may be deleted yet', async () => {
  const user = userEvent.setup();
  server.use(http.post(at('/retention/runs'), () => problem(409, 'retention.no_dry_run')));
  await openApp('/retention');
  await removeDue(user);
  expect(await screen.findByText('今天还没有人预演：请先预演并查看结果', {}, SLOW)).toBeInTheDocument();
});

it('shows a reader everything and lets them begin nothing', async () => {
  visit(['retention:read']);
  server.use(
    http.get(at('/retention/rules'), () => HttpResponse.json(rules)),
    http.get(at('/retention/runs'), () => HttpResponse.json({ items: [], next: null })),
  );
  await openApp('/retention');
  expect(await screen.findByText('尚未执行过', {}, SLOW)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: '删除到期数据' })).not.toBeInTheDocument();
});

it('keeps the rules on the page where the runs can’t be had, and offers another try', async () => {
  server.use(http.get(at('/retention/runs'), () => problem(503, 'database.unavailable')));
  await openApp('/retention');
  expect(await screen.findByRole('table', { name: '保留规则' }, SLOW)).toBeInTheDocument();
  expect(await screen.findByRole('button', { name: /重\s?试/ }, SLOW)).toBeInTheDocument();
});
