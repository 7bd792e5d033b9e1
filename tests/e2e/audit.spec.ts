import type { Page as ApiPage, Cardholder } from './api';
import { expect, heading, test } from './bank';
import { newCardholder } from './people';

test('a manager sees who looked at a cardholder, their own look among them', async ({
  page,
  signIn,
  colleague,
}) => {
  const manager = await signIn('B0001');
  const { cardholder } = await newCardholder(manager);
  const teller = await colleague('K0002');
  await teller.get(`/cardholders/${cardholder.cardholder_id}/accounts`);
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  await page.getByRole('tab', { name: '谁看过' }).click();
  const log = page.getByRole('table', { name: '访问记录' });
  await expect(log.getByRole('row', { name: /K0002.*查看账户/ }).first()).toBeVisible();
  await expect(
    log.getByRole('row', { name: new RegExp(`${manager.me.name}.*查看客户资料`) }).first(),
  ).toBeVisible();
});

test('an auditor finds a refused look by its outcome, opens it, and verifies that nobody touched the trail', async ({
  page,
  signIn,
  colleague,
}) => {
  const teller = await colleague('T0001');
  const { status, trace_id } = await teller.refused('/audit_entries');
  expect(status).toBe(403);
  await signIn('U0001');
  // Others are refused at the same time.
  await page.goto(`/audit?action=access.refuse&trace_id=${trace_id}`);
  await page.getByRole('button', { name: '访问被拒绝' }).click();
  const detail = page.getByRole('dialog', { name: '审计记录' });
  await expect(detail).toContainText('GET /audit_entries');
  await expect(detail).toContainText('staff.forbidden');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '核验日志' }).first().click();
  await page.getByRole('button', { name: '开始核验' }).click();
  await expect(page.getByRole('status').filter({ hasText: '完好' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('chain-head.json')).toBeVisible();
});

test('nobody who may not know is shown who looked', async ({ page, signIn }) => {
  const api = await signIn('T0001');
  const { items } = await api.get<ApiPage<Cardholder>>('/cardholders?limit=1');
  await page.goto(`/cardholders/${items[0]?.cardholder_id}`);
  await expect(page.getByRole('tab', { name: '交易' })).toBeVisible();
  await expect(page.getByRole('tab', { name: '谁看过' })).toHaveCount(0);
  await page.goto('/anomalies');
  await expect(heading(page, '您没有查看此页的权限')).toBeVisible();
});
