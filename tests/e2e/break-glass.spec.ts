import type { Page as ApiPage, Cardholder } from './api';
import { choose, expect, heading, rowsOf, test } from './bank';

/** Everybody of one branch far from the teller's, whose manager will judge. */
const HOME = '杭州西湖支行';

test('a teller opens a record of another branch, and the manager of its home branch judges it', async ({
  page,
  context,
  signIn,
  colleague,
}) => {
  const auditor = await colleague('U0001');
  const { items } = await auditor.get<ApiPage<Cardholder>>('/cardholders?sort=opened_on&limit=200');
  const opened = new Set(
    (await auditor.get<ApiPage<{ customer_no: string }>>('/break_glass_grants?limit=200')).items.map(
      (grant) => grant.customer_no,
    ),
  );
  const far = items.find((one) => one.branch_name === HOME && !opened.has(one.customer_no));
  if (!far) throw new Error(`nobody of ${HOME} is left to be opened`);

  await signIn('T0001');
  await page.goto(`/cardholders/${far.cardholder_id}`);
  await expect(heading(page, '没有找到')).toBeVisible();
  await page.getByRole('button', { name: '应急查阅客户' }).click();
  const dialog = page.getByRole('dialog', { name: '应急查阅客户' });
  await dialog.getByLabel('客户号').fill(far.customer_no.toLowerCase());
  await choose(page, dialog.getByLabel('事由'), '客户在本网点办理');
  await dialog.getByLabel('说明').fill('持卡人在本网点柜台，卡片遗失');
  await dialog.getByRole('button', { name: '开始查阅' }).click();

  const banner = page.getByRole('region', { name: '应急查阅' });
  await expect(banner).toContainText(/至 \d\d:\d\d，仅供查阅/);
  await expect(heading(page, new RegExp(far.name))).toBeVisible();
  await expect(page.getByRole('link', { name: '编辑' })).toHaveCount(0);
  await page.reload();
  await expect(banner).toBeVisible();
  await expect(page.getByRole('link', { name: '编辑' })).toHaveCount(0);
  await banner.getByRole('button', { name: '立即结束' }).click();
  await expect(heading(page, '应急查阅')).toBeVisible();
  await expect(rowsOf(page, '应急查阅').first()).toContainText('已结束');
  await page.goto(`/cardholders/${far.cardholder_id}`);
  await expect(heading(page, '没有找到')).toBeVisible();

  await context.clearCookies();
  await signIn('B0002');
  await page.goto('/inbox');
  const waiting = page.getByRole('list', { name: '待办' }).getByRole('listitem');
  await expect(waiting.first()).toBeVisible();
  await expect(page.getByRole('navigation', { name: '主菜单' }).getByText(/\d+ 件待办/)).toHaveCount(1);
  await page.goto('/break_glass?review=pending');
  await rowsOf(page, '应急查阅').filter({ hasText: far.customer_no }).click();
  const detail = page.getByRole('dialog', { name: '查阅详情' });
  await expect(detail).toContainText('持卡人在本网点柜台，卡片遗失');
  await detail.getByText('正当').click();
  await detail.getByLabel('复核意见').fill('已核对柜面录像');
  await detail.getByRole('button', { name: '提交复核' }).click();
  await expect(detail).toBeHidden();
  await expect(rowsOf(page, '应急查阅').filter({ hasText: far.customer_no })).toHaveCount(0);
  await choose(page, page.getByRole('combobox', { name: '复核状态' }), '已复核');
  await expect(rowsOf(page, '应急查阅').filter({ hasText: far.customer_no })).toContainText('正当');
});

test('the palette and an empty search lead to whom no search shows', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/break_glass');
  await expect(heading(page, '应急查阅')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '快速查找' }).fill('C0000000009');
  await page.getByRole('option', { name: '应急查阅客户' }).click();
  const dialog = page.getByRole('dialog', { name: '应急查阅客户' });
  await expect(dialog.getByLabel('客户号')).toHaveValue('C0000000009');
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(dialog).toBeHidden();

  await page.goto('/cardholders');
  const box = page.getByRole('search').getByRole('textbox');
  await box.fill('C0000000009');
  await box.press('Enter');
  await page.getByRole('button', { name: '应急查阅客户' }).click();
  await expect(dialog.getByLabel('客户号')).toHaveValue('C0000000009');
});

test('a marketer is offered no field that the role does not see, and everybody reads the matrix', async ({
  page,
  signIn,
}) => {
  await signIn('M0001');
  await page.goto('/cardholders');
  await expect(page.getByRole('columnheader')).toHaveText([
    '客户',
    '状态',
    '归属网点',
    '客户经理',
    '开户日期',
  ]);
  await page.getByRole('button', { name: '更多筛选' }).click();
  await expect(page.getByText('持有产品')).toBeVisible();
  await expect(page.getByText('职业')).toHaveCount(0);
  await page.goto('/access');
  const row = page.getByRole('row', { name: /查看个人字段/ });
  await expect(row.getByRole('cell').filter({ hasText: '有' })).not.toHaveCount(0);
  await page.getByRole('tab', { name: '字段分级' }).click();
  await page.getByRole('textbox', { name: '查找表、字段或级别' }).fill('password_hash');
  await expect(page.getByRole('region', { name: 'staff', exact: true })).toContainText('机密');
});
