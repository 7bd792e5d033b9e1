import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import type { Merge, Preview } from '@/features/cardholders/merge-queries';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder as her, sampleApproval } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

const at = (path: string) => `*/api/v1${path}`;
const one = `/cardholders/${her.cardholder_id}`;
const other = {
  ...her,
  cardholder_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120003',
  customer_no: 'C10099999',
  occupation: '教师',
};
const holdings = {
  records: 1,
  accounts: 2,
  cards: 1,
  loans: 0,
  standing_orders: 0,
  transactions: 40,
  statements: 0,
  repayments: 0,
  phones: 1,
  emails: 0,
  addresses: 0,
  balances: [{ currency: 'CNY', balance_minor: 125_000 }],
};
const preview: Preview = {
  survivor_id: her.cardholder_id,
  absorbed_id: other.cardholder_id,
  differing: ['occupation'],
  is_same_national_id: false,
  survivor: holdings,
  absorbed: { ...holdings, accounts: 1 },
  together: { ...holdings, records: 2, accounts: 3 },
  needs_approval: true,
  reversible_days: 30,
  withheld: [],
};
const merge: Merge = {
  merge_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120200',
  merged_at: '2026-11-02T01:00:00Z',
  reversible_until: '2026-12-02T01:00:00Z',
  is_reversible: true,
  records: [
    {
      cardholder_id: other.cardholder_id,
      customer_no: other.customer_no,
      name: other.name,
      branch_name: null,
      opened_on: '2020-05-04',
    },
  ],
};

it('finds the other record, shows what differs and what comes together, and asks for an approval', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.post(at('/cardholders/search'), () =>
      HttpResponse.json({
        items: [her, other].map((who) => ({ ...who, matched_by: 'name', primary_phone_masked: null })),
        next: null,
      }),
    ),
    http.post(at(`${one}/preview_merge`), () => HttpResponse.json(preview)),
    http.get(at(`/cardholders/${other.cardholder_id}`), () => HttpResponse.json(other)),
    http.post(at(`${one}/merge`), async ({ request }) => {
      sent.push([request.headers.get('if-match'), await request.json()]);
      return HttpResponse.json({ approval: sampleApproval }, { status: 202 });
    }),
    ...bank(),
  );
  await openApp(`${one}/merge`);
  const choose = await screen.findAllByRole('button', { name: /^选\s?择$/ }, { timeout: 10_000 });
  expect(choose, 'the record itself is not offered').toHaveLength(1);
  await user.click(choose[0] as HTMLElement);
  expect(await screen.findByText(/证件号码不同/)).toBeVisible();
  expect(screen.getByText('教师').closest('tr')).toHaveTextContent('职业 不同会计教师');
  expect(screen.getByText('账户').closest('tr')).toHaveTextContent('账户213');
  await user.click(screen.getByRole('button', { name: '提交审批' }));
  expect(await screen.findByText('请填写此项')).toBeInTheDocument();
  await user.type(screen.getByRole('textbox', { name: '合并依据' }), '临柜核验为同一人');
  await user.click(screen.getByRole('button', { name: '提交审批' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual([
    `"${her.version}"`,
    { absorbed_id: other.cardholder_id, evidence_note: '临柜核验为同一人' },
  ]);
  expect(await screen.findByText('已提交审批，批准后生效')).toBeInTheDocument();
}, 60_000);

it('brings whoever opens a merged record to the one that stands for it, where the merge can be undone', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  let merges = [merge];
  server.use(
    http.get(at(`/cardholders/${other.cardholder_id}`), () =>
      problem(409, 'cardholders.absorbed', { params: { survivor_id: her.cardholder_id } }),
    ),
    http.get(at(`${one}/merges`), () => HttpResponse.json({ items: merges })),
    http.post(at(`${one}/unmerge`), async ({ request }) => {
      sent.push(await request.json());
      merges = [];
      return HttpResponse.json({ items: [] });
    }),
    ...bank(),
  );
  await openApp(`/cardholders/${other.cardholder_id}`);
  const banner = await screen.findByRole('region', { name: '此客户包含并入的记录' }, { timeout: 10_000 });
  expect(banner).toHaveTextContent(`${other.name} ${other.customer_no}`);
  await user.click(within(banner).getByRole('button', { name: '撤销合并' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByRole('textbox'), '同名的两位客户');
  await user.click(within(dialog).getByRole('button', { name: '撤销合并' }));
  await waitFor(() => expect(sent).toEqual([{ merge_id: merge.merge_id, reason: '同名的两位客户' }]));
  await waitFor(() => expect(screen.queryByRole('region', { name: '此客户包含并入的记录' })).toBeNull());
}, 60_000);
