import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder } from '@/test/samples';
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
