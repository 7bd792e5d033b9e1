import type { Page as ApiPage, Cardholder } from './api';
import { expect, heading, rowsOf, test } from './bank';
import { newCardholder } from './people';

/** Where the journey of the break-glass takes its record from. */
const OPENED = '杭州西湖支行';

test('with the API down the list says so, and trying again brings it back', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  await page.route('**/api/v1/cardholders?*', (route) => route.abort('connectionrefused'));
  await page.getByRole('link', { name: '持卡人', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: '连接不上服务器' });
  await expect(alert).toBeVisible();
  await page.unroute('**/api/v1/cardholders?*');
  await alert.getByRole('button', { name: '重试' }).click();
  await expect(rowsOf(page, '持卡人').first()).toBeVisible();
});

test('a server that cannot answer is named with its trace, and trying again brings it back', async ({
  page,
  signIn,
}) => {
  await signIn('A0001');
  await page.route('**/api/v1/staff?*', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      json: {
        type: 'about:blank',
        title: '内部错误',
        status: 500,
        code: 'server.failed',
        params: {},
        trace_id: 'trace-of-this-test',
        errors: [],
      },
    }),
  );
  await page.goto('/staff');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('trace-of-this-test');
  await page.unroute('**/api/v1/staff?*');
  await alert.getByRole('button', { name: '重试' }).click();
  await expect(rowsOf(page, '员工').first()).toBeVisible();
});

test('with the API away from the start a plain page says so and recovers', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
  await page.goto('/branches');
  await expect(page.getByRole('heading', { name: '服务暂时不可用' })).toBeVisible();
  await page.unroute('**/api/v1/**');
  await page.getByRole('button', { name: '重试' }).click();
  await expect(heading(page, '网点')).toBeVisible();
});

test('one failed panel of the 360 does not take the others with it', async ({ page, signIn }) => {
  const { cardholder: one } = await newCardholder(await signIn('T0001'));
  await page.route('**/contacts', (route) => route.abort('connectionrefused'));
  await page.goto(`/cardholders/${one.cardholder_id}`);
  await expect(heading(page, new RegExp(one.name))).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: '连接不上服务器' })).toHaveCount(1);
  await expect(page.getByText('账户与卡片')).toBeVisible();
});

test('a cardholder that does not exist is "not found", with nothing to try again', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  for (const path of ['', '/edit']) {
    await page.goto(`/cardholders/00000000-0000-7000-8000-000000000000${path}`);
    await expect(heading(page, '没有找到')).toBeVisible();
    await expect(page.getByRole('button', { name: '重试' })).toHaveCount(0);
  }
});

test('an address without a page says so and leads home', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { name: '没有这个页面' })).toBeVisible();
  await page.getByRole('link', { name: '回到工作台' }).click();
  await expect(heading(page, /好，/)).toBeVisible();
});

test('a cardholder of another branch is as unknown as one that does not exist', async ({
  page,
  signIn,
  colleague,
}) => {
  const auditor = await colleague('U0001');
  const { me } = await signIn('T0001');
  const { items } = await auditor.get<ApiPage<Cardholder>>('/cardholders?sort=opened_on&limit=200');
  // One branch's are opened to the teller by another test.
  const elsewhere = items.find(({ branch_name }) => branch_name !== me.branch_name && branch_name !== OPENED);
  if (!elsewhere) throw new Error('the bank has one branch only');
  await page.goto(`/cardholders/${elsewhere.cardholder_id}`);
  await expect(heading(page, '没有找到')).toBeVisible();
});
