import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { Api, Page as ApiPage, Cardholder, StaffNo } from './api';
import { expect, prefer, settled, sidewaysScroll, test } from './bank';
import { newCardholder } from './people';
import { chineseWords } from './words';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

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
  { path: '/staff', title: /^员工$/, shows: ROWS },
  { path: '/jobs', title: /^您没有查看此页的权限$/, shows: '.empty' },
  { path: '/no/such/page', title: /^没有这个页面$/, shows: '.crash' },
];

const ADMINISTRATOR: Route[] = [
  { path: '/', title: /好，/, shows: '.kpi' },
  { path: '/staff', title: /^员工$/, shows: ROWS },
  { path: '/branches', title: /^网点$/, shows: '.branch-name' },
  { path: '/jobs', title: /^任务与导入$/, shows: `${ROWS}, .list-card .empty` },
  { path: '/audit', title: /^审计日志$/, shows: ROWS },
];

const DESKS: [StaffNo, Route[]][] = [
  ['B0001', MANAGER],
  ['A0001', ADMINISTRATOR],
];

for (const theme of ['light', 'dark'] as const) {
  for (const [staff_no, routes] of DESKS) {
    test(`${staff_no}'s pages are sound in both languages, ${theme}`, async ({ page, signIn, isMobile }) => {
      test.setTimeout(300_000);
      const faults = faultsOf(page);
      const api = await signIn(staff_no, { theme });
      const named = routes === MANAGER ? await people(api) : {};
      await page.goto('/');
      for (const { path, title, shows } of routes) {
        await go(
          page,
          path.replace(/\{(\w+)\}/, (_, key: string) => named[key] ?? ''),
        );
        await page.locator('h1').filter({ hasText: title }).waitFor();
        await page.locator(shows).first().waitFor();
        await judge(page, `${path} zh`, faults);
        const switcher = page.getByRole('button', { name: 'EN', exact: true });
        if ((await switcher.count()) === 0) continue;
        await switcher.click();
        await expect(page.locator('html')).toHaveAttribute('lang', 'en');
        await judge(page, `${path} en`, faults);
        expect.soft(await chineseWords(page), `${path}: Chinese words of the screen in English`).toEqual([]);
        await page.getByRole('button', { name: '中', exact: true }).click();
        await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      }
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
      expect(isMobile).toBe(test.info().project.name === 'phone');
    });
  }

  test(`the pages before signing in are sound in both languages, ${theme}`, async ({ page, context }) => {
    test.setTimeout(120_000);
    const faults = faultsOf(page);
    await prefer(context, { theme }, false);
    await page.goto('/login');
    await page.locator('form').waitFor();
    await judge(page, '/login zh', faults);
    await page.getByRole('button', { name: 'EN', exact: true }).or(page.getByText('English')).first().click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await judge(page, '/login en', faults);
    expect.soft(await chineseWords(page)).toEqual([]);
  });
}

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

/** What the browser complained about since it was last asked. */
function faultsOf(page: Page): () => string[] {
  let faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  return () => {
    const all = faults;
    faults = [];
    return all;
  };
}

async function judge(page: Page, where: string, faults: () => string[]): Promise<void> {
  await settled(page);
  expect.soft(await sidewaysScroll(page), `${where}: scrolls sideways`).toBe(0);
  expect.soft(await barriers(page), `${where}: accessibility`).toEqual([]);
  expect.soft(faults(), `${where}: the console`).toEqual([]);
}

/** What axe finds serious or critical, outside of the hidden row by which antd measures a table. */
async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(
      { include: [['body']], exclude: [['.ant-table-measure-row']] },
      { resultTypes: ['violations'] },
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 90)}`),
      );
  });
}
