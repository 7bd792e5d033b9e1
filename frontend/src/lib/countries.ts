import type { Lang } from './prefs';

/** Names that the runtime's own list words differently from the bank. */
const OWN: Record<Lang, Record<string, string>> = {
  'zh-CN': { HK: '中国香港', MO: '中国澳门', TW: '中国台湾' },
  en: { HK: 'Hong Kong, China', MO: 'Macau, China', TW: 'Taiwan, China' },
};

const names: Partial<Record<Lang, Intl.DisplayNames>> = {};

/** The country or region of an ISO 3166 code. */
export function countryName(code: string, lang: Lang): string {
  const own = OWN[lang][code];
  if (own) return own;
  names[lang] ??= new Intl.DisplayNames(lang, { type: 'region' });
  try {
    return names[lang]?.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Offered first in pickers; the rest can be typed as a code. */
export const COMMON_COUNTRIES = [
  'CN',
  'HK',
  'MO',
  'TW',
  'SG',
  'JP',
  'KR',
  'US',
  'GB',
  'CA',
  'AU',
  'DE',
  'FR',
  'CZ',
  'MY',
  'TH',
  'VN',
  'RU',
];
export const COMMON_CURRENCIES = ['CNY', 'HKD', 'TWD', 'USD', 'EUR', 'GBP', 'JPY', 'SGD', 'CZK'];
