import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder, sampleMe } from '@/test/samples';
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
