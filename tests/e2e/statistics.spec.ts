import { expect, heading, settled, test } from './bank';

const table = 'table[aria-label=统计分析]';

test('chart, table and address tell the same figures, and a filter narrows all of them', async ({
  page,
  signIn,
}) => {
  const api = await signIn('K0002');
  await page.goto('/statistics');
  await expect(heading(page, '统计分析')).toBeVisible();
  // The first start adds everything up in the background.
  await expect(async () => {
    await page.reload();
    await expect(page.locator(`${table} tbody tr`).first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText(/^截至 20/)).toBeVisible();
  await page.getByText('支出金额', { exact: true }).first().click();
  await page.getByText('月份', { exact: true }).click();
  await expect(page).toHaveURL(/measure=spend/);
  await expect(page).toHaveURL(/by=month/);
  await settled(page);
  const told = await api.get<{ groups: { key: string }[]; total: { row_count: number } }>(
    '/statistics?measure=spend&by=month',
  );
  await expect(page.locator(`${table} tbody tr`)).toHaveCount(told.groups.length);
  await expect(page.locator(`${table} tfoot`)).toContainText(told.total.row_count.toLocaleString('en-US'));
  await expect(page.getByRole('img', { name: /支出金额按月份/ }).locator('svg')).toBeVisible();
  await page.goto('/statistics?measure=balances&by=product&month_from=2020-01-01&month_to=2020-12-31');
  await settled(page);
  const part = await api.get<{ total: { row_count: number } }>(
    '/statistics?measure=balances&by=product&month_from=2020-01-01&month_to=2020-12-31',
  );
  await expect(page.locator(`${table} tfoot`)).toContainText(part.total.row_count.toLocaleString('en-US'));
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(page).not.toHaveURL(/month_from/);
});

test('who does not see the rows is told so and can not narrow', async ({ page, signIn }) => {
  await signIn('M0002');
  await page.goto('/statistics?measure=balances');
  await expect(page.getByText(/您看不到明细/)).toBeVisible();
  await expect(page.getByRole('combobox', { name: '网点（含下级）' })).toHaveCount(0);
  await page.getByText('客户数', { exact: true }).first().click();
  await expect(page.getByText(/您看不到明细/)).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: '网点（含下级）' })).toBeVisible();
});
