import type { Page as ApiPage, Cardholder } from './api';
import { choose, expect, heading, settled, sidewaysScroll, test } from './bank';
import { newCardholder, newName, newPhone } from './people';

test('the drawer holds the whole menu and the tab bar its first pages', async ({ page, signIn }) => {
  await signIn('B0001');
  await page.goto('/');
  await expect(heading(page, /好，/)).toBeVisible();
  const bar = page.getByRole('navigation', { name: '快捷菜单' });
  await expect(bar.getByRole('link')).toHaveText(['工作台', /待办$/, '持卡人']);
  for (const item of await bar.locator('a, button').all()) {
    expect((await item.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  }
  await bar.getByRole('button', { name: '更多' }).tap();
  const menu = page.getByRole('navigation', { name: '主菜单' });
  await expect(menu.getByRole('link')).toHaveText([
    '我的工作台',
    /^待办/,
    '审批中心',
    '持卡人',
    '应急查阅',
    '个人信息请求',
    '统计分析',
    '导出',
    '导入',
    '员工',
    '网点',
    '权限矩阵',
    '异常访问',
  ]);
  await menu.getByRole('link', { name: '网点' }).tap();
  await expect(heading(page, '网点')).toBeVisible();
  await expect(menu).toBeHidden();
  await bar.getByRole('link', { name: '持卡人' }).tap();
  await expect(heading(page, '持卡人')).toBeVisible();
  await expect(bar.getByRole('link', { name: '持卡人' })).toHaveAttribute('aria-current', 'page');
});

test('the list is cards, not a table, filtered from a sheet, and a card opens the record', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  await page.goto('/cardholders');
  const cards = page.locator('.card-list > li');
  await expect(cards.first()).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  await expect(cards.first()).toContainText(/C\d+/);
  await page.getByRole('button', { name: '筛选' }).tap();
  const sheet = page.getByRole('dialog', { name: '筛选' });
  await choose(page, sheet.getByRole('combobox', { name: '状态' }), '正常');
  await choose(page, sheet.getByRole('combobox', { name: '排序' }), '开户日期，远的在前');
  await expect(sheet.getByRole('button', { name: '另存为视图' })).toBeVisible();
  await sheet.getByRole('button', { name: '应用' }).tap();
  await expect(sheet).toBeHidden();
  await expect(page).toHaveURL(/lifecycle=active.*sort=opened_on/);
  await expect(cards.filter({ hasNotText: '正常' })).toHaveCount(0);
  expect(await sidewaysScroll(page)).toBe(0);
  const name = (await cards.first().locator('b').first().textContent()) ?? '';
  await cards.first().tap();
  await expect(heading(page, new RegExp(name))).toBeVisible();
});

test('the list loads further cards while it is scrolled', async ({ page, signIn }) => {
  await signIn('U0001');
  await page.goto('/cardholders');
  const cards = page.locator('.card-list > li');
  await expect(cards.first()).toBeVisible();
  const before = await cards.count();
  await page.locator('.list-end').scrollIntoViewIfNeeded();
  await expect.poll(() => cards.count()).toBeGreaterThan(before);
});

test('the 360 puts the person first, then contacts, accounts and records, with its actions at the thumb', async ({
  page,
  signIn,
}) => {
  const api = await signIn('B0001');
  const { items } = await api.get<ApiPage<Cardholder>>(
    '/cardholders?holds_product=credit_card&lifecycle=active&sort=opened_on&limit=1',
  );
  const one = items[0];
  if (!one) throw new Error('the branch has no credit card holder');
  await page.goto(`/cardholders/${one.cardholder_id}`);
  await expect(heading(page, new RegExp(one.name))).toBeVisible();
  await settled(page);
  const tops = [heading(page, new RegExp(one.name))];
  for (const name of ['联系方式', '账户与卡片', '基本信息', '往来记录', '变更历史'])
    tops.push(page.getByRole('region', { name, exact: true }));
  const at = await Promise.all(tops.map(async (part) => (await part.boundingBox())?.y ?? Number.NaN));
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  const actions = page.locator('.action-bar');
  await expect(actions.getByRole('link', { name: '编辑' })).toBeInViewport();
  await expect(actions.getByRole('button', { name: '变更状态' })).toBeInViewport();
  await expect(page.getByRole('navigation', { name: '快捷菜单' })).toBeHidden();
  expect(await sidewaysScroll(page)).toBe(0);

  const records = page.getByRole('region', { name: '往来记录' });
  await records.locator('.card-list > li').first().tap();
  await expect(page.getByRole('dialog', { name: '交易详情' })).toBeVisible();
});

test('a cardholder is created on a phone', async ({ page, signIn }) => {
  await signIn('R0001');
  const name = newName();
  await page.goto('/cardholders/new');
  await page.getByRole('textbox', { name: '姓名' }).fill(name);
  await page.getByRole('textbox', { name: /^号码/ }).fill(newPhone());
  expect(await sidewaysScroll(page)).toBe(0);
  await page.locator('.action-bar').getByRole('button', { name: '建立客户' }).tap();
  await expect(heading(page, new RegExp(name))).toBeVisible();
});

test('the search opens over the whole screen and finds a cardholder', async ({ page, signIn }) => {
  const api = await signIn('T0001');
  const { cardholder } = await newCardholder(api);
  await page.goto('/');
  await page.getByRole('button', { name: '搜索持卡人或页面' }).tap();
  await page.getByRole('combobox', { name: '快速查找' }).fill(cardholder.name_pinyin);
  await page.getByRole('option').filter({ hasText: cardholder.customer_no }).tap();
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
});
