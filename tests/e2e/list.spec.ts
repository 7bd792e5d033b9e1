import type { Page } from '@playwright/test';
import type { Page as ApiPage, Cardholder } from './api';
import { choose, expect, heading, pick, rowsOf, settled, test } from './bank';
import { digits, newCardholder } from './people';

test('filters stand in the address and survive a reload', async ({ page, signIn }) => {
  const api = await signIn('U0001');
  await page.goto('/cardholders');
  await settled(page);
  await choose(page, page.getByRole('combobox', { name: '状态' }), '睡眠');
  await expect(page).toHaveURL(/\?lifecycle=dormant$/);
  await page.getByRole('button', { name: '更多筛选' }).click();
  await choose(page, page.getByRole('combobox', { name: '性别' }), '女');
  await page.getByRole('spinbutton', { name: '最小年龄' }).fill('20');
  await page.getByRole('spinbutton', { name: '最小年龄' }).press('Enter');
  await expect(page).toHaveURL(/lifecycle=dormant/);
  await expect(page).toHaveURL(/gender=female/);
  await expect(page).toHaveURL(/age_min=20/);
  const chips = page.getByRole('list', { name: '筛选' }).getByRole('listitem');
  await expect(chips).toHaveText(['睡眠', '女', '20 岁起']);
  const { count } = await api.get<ApiPage<Cardholder>>(
    '/cardholders?lifecycle=dormant&gender=female&age_min=20&count=true',
  );
  const total = page.getByText(`共 ${count} 户`, { exact: true });
  await expect(total).toBeVisible();

  await page.reload();
  await expect(chips).toHaveText(['睡眠', '女', '20 岁起']);
  await expect(total).toBeVisible();
  await page.getByRole('button', { name: '移除 女' }).click();
  await expect(page).not.toHaveURL(/gender/);
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(page).toHaveURL(/\/cardholders$/);
  await expect(chips).toHaveCount(0);
});

test('every row of a filtered list matches the filter', async ({ page, signIn }) => {
  await signIn('U0001');
  await page.goto('/cardholders?lifecycle=dormant');
  const rows = rowsOf(page, '持卡人');
  await expect(rows.first()).toBeVisible();
  for (const text of await rows.allTextContents()) expect(text).toContain('睡眠');
});

test('a column is sorted by its head, up and down, and stays sorted after a reload', async ({
  page,
  signIn,
}) => {
  const api = await signIn('U0001');
  // Other tests open records at the same time, all of them today.
  const settledOn = 'opened_to=2026-10-31';
  await page.goto(`/cardholders?${settledOn}`);
  const first = rowsOf(page, '持卡人').first();
  const firstBy = async (sort: string) => {
    const { items } = await api.get<ApiPage<Cardholder>>(`/cardholders?limit=1&sort=${sort}&${settledOn}`);
    await expect(first).toContainText(items[0]?.customer_no ?? 'none');
  };
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await expect(head('开户日期')).toHaveAttribute('aria-sort', 'descending');
  await firstBy('-opened_on');
  await head('开户日期').getByRole('button').click();
  await expect(head('开户日期')).toHaveAttribute('aria-sort', 'ascending');
  await firstBy('opened_on');
  await head('开户日期').getByRole('button').click();
  await expect(head('开户日期')).toHaveAttribute('aria-sort', 'descending');
  await firstBy('-opened_on');
  await head('客户').getByRole('button').click();
  await expect(head('客户')).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).toHaveURL(/sort=name_pinyin/);
  await firstBy('name_pinyin');
  await head('开户日期').getByRole('button').click();
  await expect(head('开户日期')).toHaveAttribute('aria-sort', 'ascending');
  await firstBy('opened_on');
  await page.reload();
  await firstBy('opened_on');
});

test('scrolling loads further pages while few rows stand in the document', async ({ page, signIn }) => {
  await signIn('U0001');
  await page.goto('/cardholders');
  const foot = page.locator('.list-end');
  await expect(foot).toContainText('已载入 100 条');
  const table = page.getByRole('region', { name: '持卡人' });
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(foot).toContainText('已载入 200 条');
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(foot).toContainText(/(已载入|共) 300 条|共 \d+ 条/);
  expect(await rowsOf(page, '持卡人').count()).toBeLessThan(80);
  const last = rowsOf(page, '持卡人').last();
  await expect(last).toBeVisible();
});

test('the column chooser hides and shows columns, and remembers', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/cardholders');
  const occupation = page.getByRole('columnheader', { name: '职业' });
  await expect(occupation).toBeVisible();
  await page.getByRole('button', { name: '列设置' }).click();
  await page.getByRole('checkbox', { name: '职业' }).uncheck();
  await expect(occupation).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('columnheader', { name: '状态' })).toBeVisible();
  await expect(occupation).toHaveCount(0);
  await page.getByRole('button', { name: '列设置' }).click();
  await page.getByRole('button', { name: '恢复默认' }).click();
  await expect(occupation).toBeVisible();
});

test('filters are saved as a view, found again after a reload, renamed and removed', async ({
  page,
  signIn,
}) => {
  await signIn('K0002');
  const name = `视图${digits(6)}`;
  await page.goto('/cardholders?lifecycle=prospect');
  await settled(page);
  await page.getByRole('button', { name: '另存为视图' }).click();
  const dialog = page.getByRole('dialog', { name: '另存为视图' });
  await dialog.getByLabel('视图名称').fill(name);
  await dialog.getByRole('button', { name: '保存' }).click();
  const views = page.getByRole('navigation', { name: '视图' });
  const tab = (label: string) => views.getByRole('button', { name: label, exact: true });
  await expect(tab(name)).toHaveAttribute('aria-current', 'true');

  await page.goto('/cardholders');
  await tab(name).click();
  await expect(page).toHaveURL(/lifecycle=prospect/);
  await expect(page.getByRole('list', { name: '筛选' }).getByRole('listitem')).toHaveText(['潜在']);

  await pick(page, page.getByRole('button', { name: `视图“${name}”的操作` }), '重命名');
  const rename = page.getByRole('dialog', { name: '重命名' });
  await rename.getByLabel('视图名称').fill(`${name}新`);
  await rename.getByRole('button', { name: '保存' }).click();
  await expect(tab(`${name}新`)).toBeVisible();

  await pick(page, page.getByRole('button', { name: `视图“${name}新”的操作` }), '删除视图');
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  await expect(tab(`${name}新`)).toHaveCount(0);
});

/** Searches in the list's own box and gives back every address that was asked for meanwhile. */
async function search(page: Page, text: string): Promise<string[]> {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const box = page.getByRole('textbox', { name: /^姓名 \/ 拼音/ });
  await box.fill(text);
  await box.press('Enter');
  return asked;
}

test('a cardholder is found by the last four digits of a phone, which never stand in an address', async ({
  page,
  signIn,
}) => {
  const api = await signIn('T0001');
  const { cardholder, phone } = await newCardholder(api);
  await page.goto('/cardholders');
  await expect(rowsOf(page, '持卡人').first()).toBeVisible();
  const tail = phone.slice(-4);
  const asked = await search(page, tail);
  const row = rowsOf(page, '持卡人').filter({ hasText: cardholder.customer_no });
  await expect(row).toBeVisible();
  await expect(row).toContainText(`${phone.slice(0, 3)}****${tail}`);
  expect(page.url()).toMatch(/\/cardholders$/);
  expect(asked.filter((url) => new URL(url).search.includes(tail))).toEqual([]);
});

test('a cardholder is found by name, pinyin, phone and customer number, and the row opens the record', async ({
  page,
  signIn,
}) => {
  const api = await signIn('T0001');
  const { cardholder, phone } = await newCardholder(api);
  await page.goto('/cardholders');
  await expect(rowsOf(page, '持卡人').first()).toBeVisible();
  const row = rowsOf(page, '持卡人').filter({ hasText: cardholder.customer_no });
  for (const text of [
    cardholder.name,
    cardholder.name_pinyin.replaceAll(' ', ''),
    phone,
    cardholder.customer_no,
  ]) {
    const asked = await search(page, text);
    await expect(row).toBeVisible();
    expect(asked.filter((url) => decodeURIComponent(url).includes(text))).toEqual([]);
    await search(page, '');
    await expect(rowsOf(page, '持卡人').nth(3)).toBeVisible();
  }
  await search(page, cardholder.name);
  await row.getByText(cardholder.branch_name).click();
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  await page.goBack();
  await expect(row).toBeVisible();
});

test('a search without result says what to try and how to get back', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/cardholders');
  await expect(rowsOf(page, '持卡人').first()).toBeVisible();
  await search(page, `zzqx${digits(5)}`);
  await expect(page.getByText('没有符合条件的持卡人')).toBeVisible();
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(rowsOf(page, '持卡人').first()).toBeVisible();
});
