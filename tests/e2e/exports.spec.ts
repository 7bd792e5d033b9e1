import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { choose, expect, heading, settled, test } from './bank';

const SETTLED = 'lifecycle=active&opened_to=2026-10-31&sort=customer_no';

/** From the page that shows a list to its file being asked for. */
async function ask(page: Page, purpose: string): Promise<void> {
  await page.getByRole('link', { name: '导出数据' }).click();
  const dialog = page.getByRole('dialog', { name: /^导出/ });
  await choose(page, dialog.getByRole('combobox', { name: '用途' }), purpose);
  await dialog.getByRole('button', { name: /^提\s?交$/ }).click();
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
  await expect(dialog).toBeHidden();
}

test('a filtered list becomes a file that holds what the screen showed', async ({ page, signIn }) => {
  const api = await signIn('R0001');
  // Other tests open records at the same time, all of them today.
  await page.goto(`/cardholders?${SETTLED}`);
  await settled(page);
  await ask(page, '客户服务');
  await expect(heading(page, '导出')).toBeVisible();
  const row = page.getByRole('row', { name: /客户列表/ }).first();
  await expect(row.getByText('可下载')).toBeVisible({ timeout: 30_000 });
  const arriving = page.waitForEvent('download');
  await row.getByRole('button', { name: /下载/ }).click();
  const arrived = await arriving;
  expect(arrived.suggestedFilename()).toMatch(/^cardholders-\d{8}-[0-9a-f]{8}\.csv$/);
  const file = readFileSync(await arrived.path());
  const [watermark, header, ...lines] = file.toString('utf8').trimEnd().split('\r\n');
  expect(watermark).toContain('staff_no=R0001');
  expect(header).toContain('customer_no');
  const list = await api.get<{ count: number; items: { customer_no: string }[] }>(
    `/cardholders?${SETTLED}&count=true&limit=5`,
  );
  expect(lines.length).toBe(list.count);
  expect(lines.slice(0, 5).map((line) => line.split(',')[1])).toEqual(
    list.items.map((item) => item.customer_no),
  );
  await page.getByRole('button', { name: '客户列表' }).first().click();
  const detail = page.getByRole('dialog', { name: '导出详情' });
  await expect(detail).toContainText('lifecycle=active');
  await expect(detail).toContainText(createHash('sha256').update(file).digest('hex'));
});

test('the statistics are exported as they are shown, and the trail knows of it', async ({ page, signIn }) => {
  const api = await signIn('U0001');
  await page.goto('/statistics?measure=activity&by=month');
  await settled(page);
  await ask(page, '审计');
  const row = page.getByRole('row', { name: /统计分析/ }).first();
  await expect(row.getByText('可下载')).toBeVisible({ timeout: 30_000 });
  const trail = await api.get<{ items: { action: string; purpose: string }[] }>(
    `/audit_entries?action=exports.request&staff_id=${api.me.staff_id}&limit=1`,
  );
  expect(trail.items[0]?.purpose).toBe('audit');
});

test('who may not export is offered none', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/cardholders');
  await settled(page);
  await expect(page.getByRole('link', { name: '导出数据' })).toHaveCount(0);
  await page.goto('/exports');
  await expect(heading(page, '您没有查看此页的权限')).toBeVisible();
});
