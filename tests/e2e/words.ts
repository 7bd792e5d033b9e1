import type { Page } from '@playwright/test';
import { accounts } from '../../frontend/src/locales/zh-CN/accounts';
import { exports } from '../../frontend/src/locales/zh-CN/exports';
import { imports } from '../../frontend/src/locales/zh-CN/imports';
import { law } from '../../frontend/src/locales/zh-CN/law';
import { messages } from '../../frontend/src/locales/zh-CN/messages';
import { organisation } from '../../frontend/src/locales/zh-CN/organisation';
import { statistics } from '../../frontend/src/locales/zh-CN/statistics';
import { system } from '../../frontend/src/locales/zh-CN/system';
import { transactions } from '../../frontend/src/locales/zh-CN/transactions';

/** Names of the bank's own data that happen to be words of the screen as well. */
const DATA = new Set(['总行']);

/** Every Chinese sentence of the screen, with its gaps as "anything but a line's end". */
const SENTENCES: RegExp[] = flat([
  messages,
  accounts,
  exports,
  imports,
  law,
  organisation,
  statistics,
  system,
  transactions,
])
  .filter((text) => /\p{Script=Han}/u.test(text) && !DATA.has(text))
  .map((text) => {
    const parts = text.split(/\{\{\w+\}\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.+')}$`, 'u');
  })
  // A gap with a single character beside it would match half of the data.
  .filter(({ source }) => !source.includes('.+') || /\p{Script=Han}{2}/u.test(source));

function flat(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(value as object).flatMap(flat);
}

/**
 * Chinese on a page that should be English: any text that is one of the screen's own sentences, and anything
 * Chinese at all where only the screen speaks (heads of columns, labels, tabs, the menu, placeholders).
 */
export async function chineseWords(page: Page): Promise<string[]> {
  const { everything, own } = await page.evaluate(() => {
    const han = /\p{Script=Han}/u;
    const isShown = (element: Element | null): element is Element =>
      element?.checkVisibility() === true && element.closest('[lang="zh-CN"]') === null;
    const texts = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      if (han.test(text) && isShown(node.parentElement)) texts.add(text);
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
      if (!isShown(element)) continue;
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        const text = element.getAttribute(name)?.trim() ?? '';
        if (han.test(text)) texts.add(text);
      }
    }
    const speaks = 'th, label, legend, dt, .nav-item, .nav-group, .tab-bar, [role=tab], .ant-btn, .kpi-label';
    const spoken = [...document.querySelectorAll(speaks)]
      .filter(isShown)
      .map((element) => element.textContent ?? '');
    const hints = [...document.querySelectorAll('[placeholder]')].map(
      (element) => element.getAttribute('placeholder') ?? '',
    );
    return { everything: [...texts], own: [...spoken, ...hints].filter((text) => han.test(text)) };
  });
  return [
    ...new Set([...everything.filter((text) => SENTENCES.some((sentence) => sentence.test(text))), ...own]),
  ];
}
