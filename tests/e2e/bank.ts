import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { Api, type StaffNo } from './api';

export { expect };

interface Prefs {
  lang?: 'zh-CN' | 'en';
  theme?: 'light' | 'dark' | 'system';
}

interface Bank {
  /**
   * Signs the test's own browser in, faster than through the form. Each call makes a session of its own: the
   * refresh cookie changes with every use, so that no two tests can share one.
   */
  signIn: (staff_no: StaffNo, prefs?: Prefs) => Promise<Api>;
  /** Somebody else at another desk, without a browser. */
  colleague: (staff_no: StaffNo) => Promise<Api>;
}

export const test = base.extend<Bank>({
  signIn: async ({ context }, use) => {
    await use(async (staff_no, prefs = {}) => {
      const api = await Api.signIn(context.request, staff_no);
      await prefer(context, prefs, true);
      return api;
    });
  },
  colleague: async ({ playwright, baseURL }, use) => {
    const opened: { dispose: () => Promise<void> }[] = [];
    await use(async (staff_no) => {
      const request = await playwright.request.newContext({ baseURL });
      opened.push(request);
      return Api.signIn(request, staff_no);
    });
    await Promise.all(opened.map((request) => request.dispose()));
  },
});

/** What the browser remembers of its user before the first page; once per tab, so that a test can change it. */
export async function prefer(
  context: { addInitScript: Page['addInitScript'] },
  { lang = 'zh-CN', theme = 'light' }: Prefs,
  is_signed_in: boolean,
): Promise<void> {
  await context.addInitScript(
    ([state, signedIn]) => {
      if (sessionStorage.getItem('prepared')) return;
      sessionStorage.setItem('prepared', '1');
      localStorage.setItem('cardea.prefs', JSON.stringify({ state, version: 0 }));
      if (signedIn) localStorage.setItem('cardea.maybe_signed_in', '1');
    },
    [{ lang, theme, is_nav_collapsed: false, is_dense: true, columns: {} }, is_signed_in] as const,
  );
}

export const heading = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('heading', { level: 1, name });

/** Waits until nothing on the page is still loading. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('.skeleton, [aria-busy=true], .ant-spin-spinning, .boot')).toHaveCount(0);
}

/** Chooses in one of the pages' selects, named by its label. */
export async function choose(page: Page, select: Locator, option: string | RegExp): Promise<void> {
  await select.click();
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: typeof option === 'string' ? new RegExp(`^${option}$`) : option })
    .first()
    .click();
}

/** The rows of a table's body that hold something. */
export const rowsOf = (page: Page, table: string): Locator =>
  page.getByRole('region', { name: table }).locator('tbody tr:not(.spacer)');

/** How far the page may be scrolled sideways, which must be nowhere. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Picks an entry of the menu that a button opens. */
export async function pick(page: Page, button: Locator, entry: string): Promise<void> {
  await button.click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}
