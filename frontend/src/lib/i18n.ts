import i18next from 'i18next';
import { useEffect } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Messages, PageWords } from '@/locales/zh-CN/messages';
import { currentLang, type Lang } from './prefs';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Messages };
  }
}

const loaders: Record<Lang, () => Promise<{ messages: Omit<Messages, keyof PageWords> }>> = {
  'zh-CN': () => import('@/locales/zh-CN/messages'),
  en: () => import('@/locales/en/messages'),
};

const pageLoaders: { [K in keyof PageWords]: Record<Lang, () => Promise<Pick<PageWords, K>>> } = {
  transactions: {
    'zh-CN': () => import('@/locales/zh-CN/transactions'),
    en: () => import('@/locales/en/transactions'),
  },
  organisation: {
    'zh-CN': () => import('@/locales/zh-CN/organisation'),
    en: () => import('@/locales/en/organisation'),
  },
  accounts: {
    'zh-CN': () => import('@/locales/zh-CN/accounts'),
    en: () => import('@/locales/en/accounts'),
  },
  exports: {
    'zh-CN': () => import('@/locales/zh-CN/exports'),
    en: () => import('@/locales/en/exports'),
  },
  imports: { 'zh-CN': () => import('@/locales/zh-CN/imports'), en: () => import('@/locales/en/imports') },
  merges: {
    'zh-CN': () => import('@/locales/zh-CN/merges'),
    en: () => import('@/locales/en/merges'),
  },
  law: { 'zh-CN': () => import('@/locales/zh-CN/law'), en: () => import('@/locales/en/law') },
  permissions: {
    'zh-CN': () => import('@/locales/zh-CN/permissions'),
    en: () => import('@/locales/en/permissions'),
  },
  retention: {
    'zh-CN': () => import('@/locales/zh-CN/retention'),
    en: () => import('@/locales/en/retention'),
  },
  statistics: {
    'zh-CN': () => import('@/locales/zh-CN/statistics'),
    en: () => import('@/locales/en/statistics'),
  },
  system: { 'zh-CN': () => import('@/locales/zh-CN/system'), en: () => import('@/locales/en/system') },
};
/** The page words that somebody needs here, so that another language brings them along. */
const needed = new Set<keyof PageWords>();

async function addWords(part: keyof PageWords, lang: Lang): Promise<void> {
  const words: Partial<PageWords> = await pageLoaders[part][lang]();
  i18next.addResourceBundle(lang, 'translation', { [part]: words[part] }, true);
}

/** A page together with the words that it speaks, all on their way at once. */
export async function withWords<T>(
  parts: keyof PageWords | (keyof PageWords)[],
  load: () => Promise<T>,
): Promise<T> {
  const wanted = [parts].flat();
  for (const part of wanted) needed.add(part);
  const [loaded] = await Promise.all([load(), ...wanted.map((part) => addWords(part, currentLang()))]);
  return loaded;
}

export async function loadLang(lang: Lang): Promise<void> {
  if (!i18next.hasResourceBundle(lang, 'translation')) {
    const { messages } = await loaders[lang]();
    i18next.addResourceBundle(lang, 'translation', messages);
  }
  await Promise.all([...needed].map((part) => addWords(part, lang)));
  await i18next.changeLanguage(lang);
  document.documentElement.lang = lang;
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: currentLang(),
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: {},
  });
  await loadLang(currentLang());
}

/**
 * The name of a server's code: `('role', 'teller')`, or with the path of another table, `('workbench.card', …)`.
 * A code that the server may send before this screen knows its name is shown as it is.
 */
export function useCode(): (group: string, code: string | null | undefined) => string {
  const { t, i18n } = useTranslation();
  return (group, code) => {
    if (code === null || code === undefined || code === '') return '—';
    const key = group.includes('.') ? `${group}.${code}` : `code.${group}.${code}`;
    return i18n.exists(key) ? (t as (key: string) => string)(key) : code;
  };
}

export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Cardea` : 'Cardea';
  }, [title]);
}
