import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleAccount, sampleCardholder, sampleMe, sampleSpending } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const path = `/cardholders/${sampleCardholder.cardholder_id}`;
const at = (rest: string) => `*/api/v1${path}${rest}`;
const SLOW = { timeout: 10_000 };

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

function lists(rest: string, items: unknown[]) {
  server.use(http.get(at(rest), () => HttpResponse.json({ items, next: null })));
}

it('tells a change of income as money and one of nationality by names', async () => {
  const change = (field: string, before_value: string, after_value: string) => ({
    change_id: `019a4000-0000-7000-8000-${field.slice(0, 12).padEnd(12, '0')}`,
    changed_at: '2026-11-02T01:00:00Z',
    field,
    before_value,
    after_value,
    reason: null,
    staff_id: null,
    staff_name: '何敏',
  });
  server.use(...bank());
  lists('/changes', [
    change('yearly_income_minor', '18000000', '36000000'),
    change('nationality', 'CN', 'SG'),
  ]);
  await openApp(path);
  expect(await screen.findByText('年收入: ¥180,000.00 → ¥360,000.00', {}, SLOW)).toBeVisible();
  expect(screen.getByText('国籍 / 地区: 中国 → 新加坡')).toBeVisible();
});

it('offers each list to whoever may read it, without transactions, too', async () => {
  const user = userEvent.setup();
  const permissions = [...sampleMe.permissions, 'accounts:read' as const, 'consents:read' as const];
  server.use(...bank({ permissions }));
  await openApp(`${path}?tab=access_log`);
  const records = await screen.findByRole('region', { name: '往来记录' }, SLOW);
  const tabs = within(records).getAllByRole('tab');
  expect(tabs.map((tab) => tab.textContent?.replace(/\d+$/, ''))).toEqual([
    '账单',
    '还款',
    '贷款',
    '定期转账',
    '同意与意愿',
  ]);
  expect(tabs[0]).toHaveAttribute('aria-selected', 'true');
  await user.click(within(records).getByRole('tab', { name: /贷款/ }));
  expect(within(records).getByRole('tab', { name: /贷款/ })).toHaveAttribute('aria-selected', 'true');
});

it('has no card of records for whoever may read none of them', async () => {
  server.use(...bank());
  await openApp(path);
  expect(await screen.findByRole('heading', { level: 1, name: /沈嘉怡/ }, SLOW)).toBeVisible();
  expect(screen.queryByRole('region', { name: '往来记录' })).toBeNull();
});

describe('the figures at the top', () => {
  const permissions = [...sampleMe.permissions, 'accounts:read' as const, 'transactions:read' as const];
  /** The figure under a label, its note included. */
  const figure = async (label: string) => (await screen.findByText(label, {}, SLOW)).parentElement;

  it('say what the role is not shown, and take it for nothing else', async () => {
    server.use(...bank({ permissions, classes: ['open', 'personal'] }));
    const withheld = ['balance_minor', 'credit_limit_minor', 'available_minor'];
    const hidden = { ...sampleAccount, balance_minor: null, available_minor: null, withheld };
    const card = { ...hidden, account_id: '019a4000-0000-7000-8000-000000000002', kind: 'credit_card' };
    lists('/accounts', [hidden, card]);
    const spending = { ...sampleSpending, out_count: 4, withheld: ['out_minor', 'average_ticket_minor'] };
    server.use(http.get(at('/spending'), () => HttpResponse.json(spending)));
    await openApp(path);
    for (const label of ['存款余额', '信用额度使用', '近 12 个月支出'])
      await waitFor(async () => expect(await figure(label)).toHaveTextContent('无权查看'));
    expect(screen.queryByText('没有信用卡账户')).toBeNull();
  });

  it('say so when they could not be had, and ask again', async () => {
    const user = userEvent.setup();
    server.use(...bank({ permissions }));
    server.use(
      http.get(at('/accounts'), () => problem(422, 'x')),
      http.get(at('/spending'), () => problem(422, 'x')),
    );
    await openApp(path);
    const labels = ['存款余额', '信用额度使用', '近 12 个月支出', '最近交易'];
    for (const label of labels)
      await waitFor(async () => expect(await figure(label)).toHaveTextContent('未能载入'), SLOW);
    expect(screen.queryByText('没有信用卡账户')).toBeNull();
    lists('/accounts', [sampleAccount]);
    const balance = (await figure('存款余额')) as HTMLElement;
    await user.click(within(balance).getByRole('button', { name: '重试' }));
    await waitFor(async () => expect(await figure('存款余额')).toHaveTextContent('1 个存款账户'));
  });
});

describe('an account of somebody else that they may use', () => {
  const OWNER = '019a4000-0000-7000-8000-000000000009';
  const USED = '019a4000-0000-7000-8000-000000000003';
  const permissions = [...sampleMe.permissions, 'accounts:read' as const, 'transactions:read' as const];
  const savings = {
    ...sampleAccount,
    account_id: '019a4000-0000-7000-8000-000000000004',
    account_no: '95500000000059',
    kind: 'savings',
    product_name_zh: '储蓄账户',
  };
  const used = {
    ...sampleAccount,
    account_id: USED,
    account_no: '95500000000067',
    access: 'authorised_user',
    owner_cardholder_id: OWNER,
    product_name_zh: '家庭账户',
  };

  it('is no filter of theirs: its movements are told on the owner’s page', async () => {
    const user = userEvent.setup();
    server.use(...bank({ permissions }));
    lists('/accounts', [sampleAccount, savings, used]);
    await openApp(path);
    const link = await screen.findByRole('link', { name: '查看户主名下的交易' }, SLOW);
    expect(link).toHaveAttribute('href', `/cardholders/${OWNER}?account_id=${USED}`);
    await user.click(await screen.findByRole('combobox', { name: '账户' }));
    expect(await screen.findByTitle('储蓄账户 0059')).toBeInTheDocument();
    expect(screen.queryByTitle('家庭账户 0067')).toBeNull();
  });

  it('has no way to an owner out of reach', async () => {
    server.use(...bank({ permissions }));
    lists('/accounts', [{ ...used, balance_minor: null, withheld: ['balance_minor'] }]);
    await openApp(path);
    expect(await screen.findByText('家庭账户', {}, SLOW)).toBeVisible();
    expect(screen.queryByRole('link', { name: '查看户主名下的交易' })).toBeNull();
  });
});

it('says that the cards could not be read, beside the accounts that could', async () => {
  const user = userEvent.setup();
  server.use(...bank({ permissions: [...sampleMe.permissions, 'accounts:read'] }));
  lists('/accounts', [sampleAccount]);
  server.use(http.get(at('/cards'), () => problem(422, 'x')));
  await openApp(path);
  expect(await screen.findByText('活期一本通', {}, SLOW)).toBeVisible();
  const fault = within(await screen.findByRole('region', { name: '卡片' }));
  expect(await fault.findByRole('alert')).toBeVisible();
  lists('/cards', []);
  await user.click(fault.getByRole('button', { name: '重试' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: '卡片' })).toBeNull());
});

it('says of each sum of a statement that the role is not shown it', async () => {
  server.use(...bank({ permissions: [...sampleMe.permissions, 'accounts:read'], classes: ['open'] }));
  const statement = {
    statement_id: '019a4000-0000-7000-8000-000000000005',
    cardholder_id: sampleCardholder.cardholder_id,
    account_id: sampleAccount.account_id,
    closed_on: '2026-11-05',
    due_on: '2026-11-25',
    currency: 'CNY',
    billed_minor: null,
    minimum_due_minor: null,
    paid_minor: null,
    days_past_due: null,
    withheld: ['billed_minor', 'minimum_due_minor', 'paid_minor', 'days_past_due'],
  };
  lists('/statements', [statement]);
  await openApp(path);
  const day = await screen.findByText('2026-11-05', {}, SLOW);
  const line = day.closest('tr') as HTMLElement;
  expect(
    within(line).getAllByText('无权查看'),
    'billed, minimum, paid and what follows from them',
  ).toHaveLength(4);
});
