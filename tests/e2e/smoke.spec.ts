import type { Page } from '@playwright/test';
import type { Api, Page as ApiPage, Cardholder, StaffNo } from './api';
import { expect, prefer, test } from './bank';
import { faultsOf, judge } from './judge';
import { newCardholder } from './people';

interface Route {
  path: string;
  /** The page's Chinese heading, which says that the page before it has gone. */
  title: RegExp;
  /** What has to be there besides before the page is judged. */
  shows: string;
}

const ROWS = '.data-table tbody tr:not(.spacer), .card-list li';

const MANAGER: Route[] = [
  { path: '/', title: /好，/, shows: '.kpi' },
  { path: '/cardholders', title: /^持卡人$/, shows: ROWS },
  { path: '/cardholders?occupation=nobody', title: /^持卡人$/, shows: '.list-card .empty' },
  { path: '/cardholders/new', title: /^新建客户$/, shows: '#phones_0_number' },
  { path: '/cardholders/{rich}', title: /正常/, shows: '[role=img] svg text' },
  { path: '/cardholders/{rich}?tab=statements', title: /正常/, shows: '[aria-label=账单] :is(tbody tr, li)' },
  { path: '/cardholders/{new}', title: /./, shows: '.timeline li' },
  { path: '/cardholders/{new}/edit', title: /^编辑客户资料$/, shows: '#occupation' },
  { path: '/cardholders/{new}/merge', title: /^合并客户$/, shows: 'input[type=search], .ant-input' },
  {
    path: '/cardholders/{new}/merge?absorbed_id={rich}',
    title: /^合并客户$/,
    shows: '.merge-table tbody tr',
  },
  { path: '/inbox', title: /^待办$/, shows: '.inbox li, .list-card .empty' },
  { path: '/approvals', title: /^审批中心$/, shows: '.approval-row, .list-card .empty' },
  { path: '/approvals?share=all', title: /^审批中心$/, shows: '.approval-row, .list-card .empty' },
  { path: '/statistics', title: /^统计分析$/, shows: '.figure-table tfoot' },
  { path: '/statistics?measure=spend&by=month', title: /^统计分析$/, shows: '[role=img] svg text' },
  { path: '/exports', title: /^导出$/, shows: `${ROWS}, .list-card .empty` },
  { path: '/break_glass', title: /^应急查阅$/, shows: `${ROWS}, .list-card .empty` },
  { path: '/access', title: /^权限矩阵$/, shows: '.matrix tbody tr, .role-facts li' },
  { path: '/access?tab=fields', title: /^权限矩阵$/, shows: '.classed-table' },
  { path: '/cardholders/{rich}?tab=access_log', title: /正常/, shows: '[role=tabpanel] :is(tbody tr, li)' },
  { path: '/anomalies', title: /^异常访问$/, shows: `${ROWS}, .list-card .empty` },
  { path: '/staff', title: /^员工$/, shows: ROWS },
  { path: '/security', title: /^我的安全$/, shows: '[aria-label=正在使用的登录] li, .lines li' },
  { path: '/jobs', title: /^您没有查看此页的权限$/, shows: '.empty' },
  { path: '/no/such/page', title: /^没有这个页面$/, shows: '.crash' },
];

const ADMINISTRATOR: Route[] = [
  { path: '/', title: /好，/, shows: '.kpi' },
  { path: '/staff', title: /^员工$/, shows: ROWS },
  { path: '/branches', title: /^网点$/, shows: '.branch-name' },
  { path: '/jobs', title: /^任务与导入$/, shows: `${ROWS}, .list-card .empty` },
  // Away from the trail as a whole, whose rows stay until these have come.
  { path: '/audit?outcome=refused', title: /^审计日志$/, shows: `${ROWS}, .list-card .empty` },
  { path: '/keys', title: /^密钥$/, shows: '[aria-label=主密钥] li, .lines li' },
  { path: '/retention', title: /^数据保留$/, shows: '[aria-label=保留规则] :is(tbody tr, li)' },
  { path: '/audit', title: /^审计日志$/, shows: ROWS },
];

const DESKS: [StaffNo, Route[]][] = [
  ['B0001', MANAGER],
  ['A0001', ADMINISTRATOR],
];

for (const [staff_no, routes] of DESKS) {
  test(`${staff_no}'s pages are sound in both languages and both themes`, async ({ page, signIn }) => {
    test.setTimeout(300_000);
    const faults = faultsOf(page);
    const api = await signIn(staff_no, { theme: 'system' });
    const named = routes === MANAGER ? await people(api) : {};
    await page.goto('/');
    for (const { path, title, shows } of routes) {
      await go(
        page,
        path.replace(/\{(\w+)\}/g, (_, key: string) => named[key] ?? ''),
      );
      await page.locator('h1').filter({ hasText: title }).waitFor();
      await page.locator(shows).first().waitFor();
      await judge(page, path, faults);
    }
  });
}

for (const staff_no of ['T0001', 'K0001', 'U0001'] as const) {
  test(`the workbench of ${staff_no} is sound`, async ({ page, signIn }) => {
    const faults = faultsOf(page);
    await signIn(staff_no, { theme: 'system' });
    await page.goto('/');
    await page.locator('.kpi').first().waitFor();
    await judge(page, `the workbench of ${staff_no}`, faults);
  });
}

test('the pages outside of the shell are sound', async ({ page, signIn, context }) => {
  const faults = faultsOf(page);
  await prefer(context, { theme: 'system' }, false);
  await page.goto('/login');
  await page.locator('form').waitFor();
  await judge(page, '/login', faults);
  await page.getByRole('textbox', { name: '行员号' }).fill('T0001');
  await page.getByRole('textbox', { name: '密码' }).fill('wrong');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('alert').waitFor();
  faults(); // The console's own line about the refusal.
  await judge(page, '/login, refused', faults);
  await signIn('T0001', { theme: 'system' });
  await page.goto('/password');
  await page.locator('form').waitFor();
  await judge(page, '/password', faults);
});

/** As a link of the application does, without loading it anew. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState({}, '', to), path);
  await expect(page).toHaveURL(path);
}

/** Somebody with a full record, and somebody whose record has a history. */
async function people(api: Api): Promise<Record<string, string>> {
  const { items } = await api.get<ApiPage<Cardholder>>(
    '/cardholders?holds_product=credit_card&lifecycle=active&sort=opened_on&limit=1',
  );
  const { cardholder } = await newCardholder(api);
  return { rich: items[0]?.cardholder_id ?? '', new: cardholder.cardholder_id };
}
