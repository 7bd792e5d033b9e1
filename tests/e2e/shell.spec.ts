import type { StaffNo } from './api';
import { expect, heading, settled, test } from './bank';
import { digits, newCardholder } from './people';

/** A queue also says how much waits in it. */
const INBOX = /^待办/;
const MENUS: [StaffNo, (string | RegExp)[]][] = [
  ['T0001', ['我的工作台', INBOX, '审批中心', '持卡人', '应急查阅', '个人信息请求', '网点', '权限矩阵']],
  ['M0002', ['我的工作台', INBOX, '持卡人', '统计分析', '导出', '网点', '权限矩阵', '任务与导入']],
  [
    'B0001',
    [
      '我的工作台',
      INBOX,
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
    ],
  ],
  [
    'U0001',
    [
      '我的工作台',
      INBOX,
      '审批中心',
      '持卡人',
      '应急查阅',
      '个人信息请求',
      '统计分析',
      '导出',
      '员工',
      '网点',
      '权限矩阵',
      '任务与导入',
      '密钥',
      '数据保留',
      '审计日志',
      '异常访问',
    ],
  ],
  [
    'A0001',
    [
      '我的工作台',
      INBOX,
      '审批中心',
      '员工',
      '网点',
      '权限矩阵',
      '任务与导入',
      '密钥',
      '数据保留',
      '审计日志',
    ],
  ],
];

for (const [staff_no, entries] of MENUS) {
  test(`the menu of ${staff_no} offers what the role may open and nothing else`, async ({ page, signIn }) => {
    await signIn(staff_no);
    await page.goto('/');
    await expect(heading(page, /好，/)).toBeVisible();
    await expect(page.getByRole('navigation', { name: '主菜单' }).getByRole('link')).toHaveText(entries);
    await settled(page);
  });
}

test('a page outside of the role says "forbidden" and asks the server for nothing', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const path of ['/audit', '/staff', '/jobs']) {
    await page.goto(path);
    await expect(heading(page, '您没有查看此页的权限')).toBeVisible();
    await expect(page.getByRole('button', { name: '重试' })).toHaveCount(0);
  }
  expect(asked.filter((path) => /audit_entries|api\/v1\/(staff|jobs)$/.test(path))).toEqual([]);
});

test('an administrator sees no cardholder page', async ({ page, signIn }) => {
  await signIn('A0001');
  await page.goto('/cardholders');
  await expect(heading(page, '您没有查看此页的权限')).toBeVisible();
});

test('the palette finds a cardholder by pinyin and opens the record by keyboard alone', async ({
  page,
  signIn,
}) => {
  const api = await signIn('T0001');
  const { cardholder } = await newCardholder(api);
  const pinyin = cardholder.name_pinyin.replaceAll(' ', '');
  await page.goto('/');
  await expect(heading(page, /好，/)).toBeVisible();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: '快速查找' });
  await expect(box).toBeFocused();
  await page.keyboard.type(pinyin);
  const options = page.getByRole('listbox', { name: '快速查找' }).getByRole('option');
  const wanted = options.filter({ hasText: cardholder.customer_no });
  await expect(wanted).toBeVisible();
  // What came for the first letters may still be on the screen.
  await expect(page.getByRole('dialog', { name: '快速查找' })).toContainText(/\d+ 个结果/);
  for (let step = 0; step < 20; step += 1) {
    if ((await wanted.getAttribute('aria-selected')) === 'true') break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/cardholders/${cardholder.cardholder_id}$`));
  expect(sent.filter((url) => url.includes(pinyin))).toEqual([]);

  await page.keyboard.press('Control+k');
  await expect(options.filter({ hasText: cardholder.customer_no })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box).toHaveCount(0);
});

test('the palette finds by initials, opens pages, and says when nothing is found', async ({
  page,
  signIn,
}) => {
  const api = await signIn('T0001');
  const { cardholder } = await newCardholder(api);
  await page.goto('/');
  await expect(heading(page, /好，/)).toBeVisible();
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: '快速查找' });
  await box.fill(cardholder.name);
  await expect(page.getByRole('option').filter({ hasText: cardholder.customer_no })).toBeVisible();
  await box.fill(cardholder.name_initials);
  await expect(page.getByRole('option').first()).toContainText(/C\d+/);
  await box.fill(`zzqx${digits(6)}`);
  await expect(page.getByText('没有找到', { exact: false })).toBeVisible();
  await box.fill('网点');
  await page.keyboard.press('Enter');
  await expect(heading(page, '网点')).toBeVisible();
});

test('the language switch keeps the page, its filters and an opened form', async ({ page, signIn }) => {
  await signIn('B0001');
  await page.goto('/cardholders?lifecycle=active');
  await expect(heading(page, '持卡人')).toBeVisible();
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await expect(heading(page, 'Cardholders')).toBeVisible();
  await expect(page).toHaveURL(/\?lifecycle=active$/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.reload();
  await expect(heading(page, 'Cardholders')).toBeVisible();

  await page.goto('/cardholders/new');
  await page.getByRole('textbox', { name: 'Occupation' }).fill('lighthouse keeper');
  await page.getByRole('button', { name: '中', exact: true }).click();
  await expect(heading(page, '新建客户')).toBeVisible();
  await expect(page.getByRole('textbox', { name: '职业' })).toHaveValue('lighthouse keeper');
});

test('the theme is chosen, survives a reload and paints the page before the application runs', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: '外观: 浅色' }).click();
  await page.getByRole('menuitem', { name: '深色' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await background()).not.toBe(light);
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
