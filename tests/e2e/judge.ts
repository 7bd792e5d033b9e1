import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from '@playwright/test';
import { expect, settled, sidewaysScroll } from './bank';
import { chineseWords } from './words';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** What the browser complained about since it was last asked. */
export function faultsOf(page: Page): () => string[] {
  let faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  return () => {
    const all = faults;
    faults = [];
    return all;
  };
}

/** Judges the page in both languages, light and dark, and leaves it as it was. */
export async function judge(page: Page, where: string, faults: () => string[]): Promise<void> {
  await settled(page);
  await face(page, `${where} zh light`, null);
  await page.emulateMedia({ colorScheme: 'dark' });
  await face(page, `${where} zh dark`, ['color-contrast']);
  expect.soft(faults(), `${where}: the console`).toEqual([]);
  if ((await switchOf(page, 'en').count()) === 0) {
    await page.emulateMedia({ colorScheme: 'light' });
    return;
  }
  await switchTo(page, 'en');
  await face(page, `${where} en dark`, null);
  expect.soft(await chineseWords(page), `${where}: Chinese words of the screen in English`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await face(page, `${where} en light`, ['color-contrast']);
  await switchTo(page, 'zh-CN');
  expect.soft(faults(), `${where}: the console`).toEqual([]);
}

const switchOf = (page: Page, lang: 'zh-CN' | 'en'): Locator =>
  page.getByRole('button', { name: lang === 'en' ? /^(EN|English)$/ : /^中文?$/ }).first();

async function switchTo(page: Page, lang: 'zh-CN' | 'en'): Promise<void> {
  await switchOf(page, lang).click();
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
  await settled(page);
}

async function face(page: Page, where: string, rules: string[] | null): Promise<void> {
  const theme = where.endsWith('dark') ? 'dark' : 'light';
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  expect.soft(await sidewaysScroll(page), `${where}: scrolls sideways`).toBe(0);
  expect.soft(await barriers(page, rules), `${where}: accessibility`).toEqual([]);
}

/** What axe finds serious or critical, by all of its rules or by some. */
async function barriers(page: Page, rules: string[] | null): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document.body, {
      resultTypes: ['violations'],
      ...(only && { runOnly: { type: 'rule', values: only } }),
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 90)}`),
      );
  }, rules);
}
