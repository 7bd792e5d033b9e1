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

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

const at = (path: string) => `*/api/v1${path}`;
const checker = {
  permissions: [...sampleMe.permissions, 'approvals:read' as const, 'approvals:decide' as const],
};
const second = {
  ...sampleApproval,
  approval_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120102',
  subject_name: '周一诺',
};

const detail = {
  ...sampleApproval,
  diff: [{ table: 'cardholders', field: 'name', before: '沈嘉怡', after: '沈佳怡' }],
  impact: { accounts: 2, cards: 1 },
  decisions: [],
  withheld: [],
};

it('goes through the inbox by keys and tells what became of each', async () => {
  const sent: unknown[] = [];
  server.use(
    http.get(at('/approvals'), () => HttpResponse.json({ items: [sampleApproval, second], next: null })),
    http.post(at('/approvals/decide'), async ({ request }) => {
      sent.push(await request.json());
      const refused = {
        approval_id: second.approval_id,
        approval: null,
        code: 'approvals.stale_base',
        params: {},
      };
      const done = {
        approval_id: sampleApproval.approval_id,
        approval: sampleApproval,
        code: null,
        params: {},
      };
      return HttpResponse.json({ items: [done, refused] });
    }),
    ...bank(checker),
  );
  await openApp('/approvals');
  const list = await screen.findByRole('list', { name: '待我审批' }, { timeout: 8000 });
  const rows = within(list).getAllByRole('listitem');
  await userEvent.keyboard('j');
  expect(rows[0]).toHaveAttribute('aria-current', 'true');
  await userEvent.keyboard('xjx');
  expect(screen.getByRole('toolbar', { name: '已选 2 项' })).toBeInTheDocument();
  await userEvent.keyboard('a');
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/周一诺/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: '批准' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({ ids: [sampleApproval.approval_id, second.approval_id], decision: 'approve' });
  const told = await screen.findByText('1 项已处理，1 项未处理');
  expect(told.closest('[role=status]')).toHaveTextContent('周一诺 · 提交之后资料已有变动');
});

it('shows before and after, and a refused decision in the dialog', async () => {
  const path = `/approvals/${sampleApproval.approval_id}`;
  server.use(
    http.get(at(path), () => HttpResponse.json(detail)),
    http.post(at(`${path}/reject`), () => problem(409, 'approvals.not_pending')),
    ...bank(checker),
  );
  await openApp(path);
  expect(await screen.findByText('沈佳怡')).toBeInTheDocument();
  expect(screen.getByText('账户 2 · 卡片 1')).toBeInTheDocument();
  await userEvent.keyboard('r');
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: '驳回' }));
  expect(await within(dialog).findByText('请填写此项')).toBeInTheDocument();
  await userEvent.type(within(dialog).getByLabelText('驳回理由'), '证明不清晰');
  await userEvent.click(within(dialog).getByRole('button', { name: '驳回' }));
  expect(await within(dialog).findByText('此申请已不在待审批状态')).toBeInTheDocument();
});

it('saves what needs no approval first and asks what the rest is based on', async () => {
  const sent: [string | null, unknown][] = [];
  const one = `/cardholders/${sampleCardholder.cardholder_id}`;
  server.use(
    http.patch(at(one), async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      sent.push([request.headers.get('If-Match'), body]);
      return 'name' in body
        ? HttpResponse.json({ approval: sampleApproval }, { status: 202 })
        : HttpResponse.json({ ...sampleCardholder, ...body, version: 4 });
    }),
    http.get(at(`/approvals/${sampleApproval.approval_id}`), () => HttpResponse.json(detail)),
    ...bank(checker),
  );
  await openApp(`${one}/edit`);
  const name = await screen.findByLabelText('姓名');
  await userEvent.clear(name);
  await userEvent.type(name, '沈佳怡');
  const occupation = screen.getByLabelText('职业');
  await userEvent.clear(occupation);
  await userEvent.type(occupation, '教师');
  await userEvent.click(screen.getAllByRole('button', { name: '保存修改' })[0] as HTMLElement);
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByLabelText('变更依据'), '更名证明');
  await userEvent.click(within(dialog).getByRole('button', { name: '提交' }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent).toEqual([
    ['"3"', { occupation: '教师' }],
    ['"4"', { name: '沈佳怡', evidence_note: '更名证明' }],
  ]);
  expect(await screen.findByText('已提交审批，批准后生效')).toBeInTheDocument();
});
