import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { signOut, useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder, sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const JOB = '019a4000-0000-7000-8000-00000000000a';
const ANOMALY = '019a4000-0000-7000-8000-00000000000b';
const PERMISSIONS = [
  'audit:read',
  'jobs:read',
  'cardholders:read',
  'accounts:read',
  'transactions:read',
  'anomalies:read',
  'anomalies:review',
  'access_log:read',
] as const;
const at = (path: string) => `*/api/v1${path}`;

const entry = {
  occurred_at: '2026-11-02T01:00:00Z',
  audit_id: '019a4000-0000-7000-8000-00000000000c',
  action: 'cardholders.change',
  outcome: 'done',
  actor_kind: 'staff',
  staff_id: sampleMe.staff_id,
  staff_no: 'T0001',
  role: 'teller',
  branch_id: null,
  ip: '192.0.2.1',
  trace_id: 'trace-9',
  object_kind: null,
  object_id: null,
  cardholder_id: null,
  purpose: null,
  changes: { occupation: ['教师', '工程师'] },
};

const anomaly = {
  anomaly_id: ANOMALY,
  kind: 'busy_hour',
  staff_id: sampleMe.staff_id,
  staff_no: 'T0002',
  staff_name: '周一诺',
  branch_id: sampleMe.branch_id,
  branch_name: '鄞州支行',
  cardholder_id: null,
  happened_on: '2026-11-02',
  first_at: '2026-11-02T01:00:00Z',
  last_at: '2026-11-02T02:00:00Z',
  params: { count: 48, usual: 9, limit: 30 },
  found_at: '2026-11-02T02:30:00Z',
  verdict: null,
  reviewed_by: null,
  reviewed_at: null,
  review_note: null,
  reviewer_name: null,
  is_reviewable: true,
};

beforeEach(async () => {
  server.use(...bank({ permissions: [...PERMISSIONS] }));
  server.use(
    http.get(at('/audit_entries'), () => HttpResponse.json({ items: [entry], next: null })),
    http.get(at('/audit/anchors'), () => HttpResponse.json({ items: [] })),
    http.get(at('/audit/anomalies'), () => HttpResponse.json({ items: [anomaly], next: null })),
  );
  await signOut();
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

describe('the audit explorer', () => {
  it('shows a change field by field, before and after', async () => {
    const user = userEvent.setup();
    await openApp('/audit');
    await user.click(await screen.findByRole('button', { name: '变更客户资料' }, { timeout: 10_000 }));
    const table = await screen.findByRole('table', { name: '' });
    expect(within(table).getByText('教师')).toBeVisible();
    expect(within(table).getByText('工程师')).toBeVisible();
  });

  it('says why a question is too wide', async () => {
    server.use(
      http.get(at('/audit_entries'), () =>
        problem(422, 'audit.range_required', { params: { days_max: 31 } }),
      ),
    );
    await openApp('/audit?role=teller');
    expect(await screen.findByText(/请限定不超过 31 天的时间范围/, {}, { timeout: 10_000 })).toBeVisible();
  });

  it('verifies the trail and names the rows that were edited', async () => {
    const user = userEvent.setup();
    const batch = {
      batch_no: 7,
      kind: 'rows',
      sealed_at: '2026-11-02T01:00:05Z',
      first_at: entry.occurred_at,
      last_at: entry.occurred_at,
      row_count: 3,
      is_whole: false,
      faults: [{ kind: 'edited', audit_ids: [entry.audit_id], row_count: 1 }],
    };
    server.use(
      http.post(at('/audit/verifications'), () => HttpResponse.json({ job_id: JOB }, { status: 202 })),
      http.get(at(`/jobs/${JOB}`), () =>
        HttpResponse.json({
          job_id: JOB,
          status: 'succeeded',
          progress_done: 9,
          progress_total: 9,
          result: { batches: 9, rows: 40, faulty_count: 1, faulty: [batch] },
        }),
      ),
    );
    await openApp('/audit');
    await user.click(await screen.findByRole('button', { name: '核验日志' }, { timeout: 10_000 }));
    await user.click(await screen.findByRole('button', { name: '开始核验' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('1 批有问题');
    expect(screen.getByText('记录被改动')).toBeVisible();
    expect(screen.getByText(entry.audit_id)).toBeVisible();
  });
});

describe('unusual access', () => {
  it('is told beside what is usual, and judged with a note', async () => {
    const user = userEvent.setup();
    let review: unknown = null;
    server.use(
      http.post(at(`/audit/anomalies/${ANOMALY}/review`), async ({ request }) => {
        review = await request.json();
        return HttpResponse.json({ ...anomaly, verdict: 'harmless', is_reviewable: false });
      }),
    );
    await openApp('/anomalies');
    expect(
      await screen.findByText(
        '一小时内未办业务的查阅 48 次，本人平时 9 次，阈值 30',
        {},
        { timeout: 10_000 },
      ),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: /核\s?实/ }));
    await user.type(await screen.findByRole('textbox'), '柜台高峰，已核对');
    await user.click(screen.getByRole('button', { name: '提交结论' }));
    await waitFor(() => expect(review).toEqual({ verdict: 'harmless', review_note: '柜台高峰，已核对' }));
  });
});

it('tells on the cardholder’s page who looked and why, to those who may know', async () => {
  const path = `/cardholders/${sampleCardholder.cardholder_id}`;
  server.use(
    http.get(at(`${path}/access_log`), () =>
      HttpResponse.json({
        items: [
          {
            ...entry,
            action: 'cardholders.read',
            purpose: 'break_glass',
            staff_name: '沈嘉怡',
            branch_name: '西溪支行',
          },
        ],
        next: null,
      }),
    ),
  );
  await openApp(`${path}?tab=access_log`);
  expect(await screen.findByText('紧急授权', {}, { timeout: 10_000 })).toBeVisible();
  expect(screen.getByRole('tab', { name: '谁看过' })).toHaveAttribute('aria-selected', 'true');
  expect(screen.getByText('西溪支行')).toBeVisible();
});
