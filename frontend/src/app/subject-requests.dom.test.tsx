import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleApproval, sampleCardholder, sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const ID = '019a4000-0000-7000-8000-000000000011';
const SLOW = { timeout: 10_000 };
const at = (path: string) => `*/api/v1${path}`;
const request = {
  request_id: ID,
  cardholder_id: sampleCardholder.cardholder_id,
  customer_no: 'C10028341',
  subject_name: '沈嘉怡',
  branch_id: sampleMe.branch_id,
  branch_name: '钱江新城支行',
  kind: 'access',
  status: 'open',
  received_via: 'letter',
  received_on: '2026-10-01',
  due_on: '2026-10-31',
  days_left: -2,
  is_overdue: true,
  wish: null,
  extension_reason: null,
  answer: null,
  package_made_at: '2026-10-02T01:00:00Z',
  package_expires_at: '2026-10-16T01:00:00Z',
  created_by: sampleMe.staff_id,
  created_by_name: '何敏',
  created_at: '2026-10-01T01:00:00Z',
  closed_by_name: null,
  closed_at: null,
  version: 2,
};
const manager = {
  permissions: [
    ...sampleMe.permissions,
    'subject_requests:read' as const,
    'subject_requests:handle' as const,
    'subject_packages:open' as const,
    'legal_holds:write' as const,
  ],
};
const one = `/subject_requests/${ID}`;

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
  server.use(...bank(manager));
});

it('shows the clock of each request and leads to it', async () => {
  server.use(
    http.get(at('/subject_requests'), () => HttpResponse.json({ items: [request], next: null })),
    http.get(at(one), () => HttpResponse.json(request)),
  );
  const user = userEvent.setup();
  await openApp('/subject_requests');
  const link = await screen.findByRole('link', { name: /查阅与复制.*逾期 2 天/ }, SLOW);
  await user.click(link);
  expect(await screen.findByRole('heading', { level: 1, name: '查阅与复制' }, SLOW)).toBeVisible();
  expect(screen.getByText('2026-10-31')).toBeVisible();
});

it('takes more time once, with its reason', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.get(at(one), () => HttpResponse.json(request)),
    http.post(at(`${one}/extend`), async ({ request: asked }) => {
      sent.push(await asked.json());
      return HttpResponse.json({
        ...request,
        days_left: 28,
        is_overdue: false,
        extension_reason: '逐一核对',
      });
    }),
  );
  await openApp(one);
  await user.click(await screen.findByRole('button', { name: '延长期限' }, SLOW));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('延长理由'), '逐一核对');
  await user.click(within(dialog).getByRole('button', { name: '延长期限' }));
  await waitFor(() => expect(sent).toEqual([{ days: 30, extension_reason: '逐一核对' }]));
  expect(await screen.findByText('还剩 28 天')).toBeVisible();
  expect(screen.queryByRole('button', { name: '延长期限' })).toBeNull();
});

it('asks what a copy is for, and says that it is gone', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.get(at(one), () => HttpResponse.json(request)),
    http.post(at(`${one}/open_package`), async ({ request: asked }) => {
      sent.push(await asked.json());
      return problem(409, 'subject_requests.package_gone');
    }),
  );
  await openApp(one);
  await user.click(await screen.findByRole('button', { name: /下\s?载/ }, SLOW));
  const dialog = await screen.findByRole('dialog');
  const download = within(dialog).getByRole('button', { name: /下\s?载/ });
  await user.click(download);
  expect(sent).toEqual([]);
  await user.click(within(dialog).getByRole('combobox', { name: '目的' }));
  await user.click(await screen.findByText('寄送凭证资料'));
  await user.click(download);
  expect(await within(dialog).findByText('副本已过期或密钥已销毁，请重新生成')).toBeInTheDocument();
  expect(sent).toEqual([{ purpose: 'delivery_of_documents' }]);
});

it('offers the copy to nobody who may not open it', async () => {
  server.use(
    ...bank({
      permissions: manager.permissions.filter((permission) => permission !== 'subject_packages:open'),
    }),
    http.get(at(one), () => HttpResponse.json(request)),
  );
  await openApp(one);
  expect(await screen.findByRole('button', { name: '重新生成' }, SLOW)).toBeVisible();
  expect(screen.queryByRole('button', { name: /下\s?载/ })).toBeNull();
});

it('tells what has to be kept, and lets an erasure wait once nothing has', async () => {
  const user = userEvent.setup();
  const hold = {
    obstacle: 'legal_hold',
    until_on: null,
    hold_id: '019a4000-0000-7000-8000-000000000012',
    reason: 'litigation',
  };
  const kept = { obstacle: 'statutory_retention', until_on: '2031-03-01', hold_id: null, reason: null };
  let obstacles: object[] = [hold, kept];
  const check = `/cardholders/${sampleCardholder.cardholder_id}/erasure_check`;
  server.use(
    http.get(at(one), () => HttpResponse.json({ ...request, kind: 'erasure' })),
    http.get(at(check), () =>
      HttpResponse.json({ is_allowed: obstacles.length === 0, is_erased: false, erased_at: null, obstacles }),
    ),
    http.post(at(`/cardholders/${sampleCardholder.cardholder_id}/legal_holds/${hold.hold_id}/lift`), () => {
      obstacles = [];
      return HttpResponse.json({});
    }),
    http.post(at(`${one}/erase`), () => HttpResponse.json({ approval: sampleApproval }, { status: 202 })),
  );
  await openApp(one);
  expect(await screen.findByText('保存至 2031-03-01', {}, SLOW)).toBeVisible();
  expect(screen.getByRole('button', { name: '提交删除审批' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: /解\s?除/ }));
  expect(await screen.findByText('没有必须保留的情形，可以提交审批。')).toBeVisible();
  await user.click(screen.getByRole('button', { name: '提交删除审批' }));
  expect(await screen.findByRole('link', { name: '已提交，等待审批' })).toBeVisible();
});
