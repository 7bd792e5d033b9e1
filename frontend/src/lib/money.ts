import type { Lang } from './prefs';

/** Minor units per currency, ISO 4217; everything not listed has two. */
const EXPONENTS: Record<string, number> = {
  JPY: 0,
  KRW: 0,
  VND: 0,
  CLP: 0,
  BHD: 3,
  KWD: 3,
  OMR: 3,
  JOD: 3,
  TND: 3,
};
const SYMBOLS: Record<string, string> = {
  CNY: '¥',
  TWD: 'NT$',
  HKD: 'HK$',
  USD: 'US$',
  EUR: '€',
  GBP: '£',
  JPY: 'JP¥',
};
export const MINUS = '\u2212';
const NBSP = '\u00a0';

export const exponent = (currency: string): number => EXPONENTS[currency] ?? 2;
/** `CZK 1,234.00`: a currency without a well-known sign is written by its code. */
export const symbol = (currency: string): string => SYMBOLS[currency] ?? `${currency}${NBSP}`;

const group = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');
const sign = (minor: number): string => (minor < 0 ? MINUS : '');

/** The figure of a ledger, without its sign or currency: integer arithmetic, never a float. */
function figure(minor: number, currency: string): string {
  const exp = exponent(currency);
  const digits = String(Math.abs(Math.trunc(minor))).padStart(exp + 1, '0');
  const whole = group(digits.slice(0, digits.length - exp));
  return exp === 0 ? whole : `${whole}.${digits.slice(digits.length - exp)}`;
}

export const ledger = (minor: number, currency: string): string =>
  `${sign(minor)}${symbol(currency)}${figure(minor, currency)}`;

/** Money in with a plus, money out with a minus; zero bare. */
export const signedLedger = (minor: number, currency: string): string =>
  minor > 0 ? `+${ledger(minor, currency)}` : ledger(minor, currency);

export interface Compact {
  text: string;
  unit: string;
}

interface Step {
  /** Size of the unit in whole currency. */
  unit: number;
  label: string;
  decimals: number;
  /** First value, in this unit and after rounding, that belongs to the step. */
  from: number;
}

const ZH_STEPS: Step[] = [
  { unit: 1, label: '', decimals: 0, from: 0 },
  { unit: 1e4, label: '万', decimals: 1, from: 1 },
  { unit: 1e4, label: '万', decimals: 0, from: 100 },
  { unit: 1e8, label: '亿', decimals: 2, from: 1 },
];
const EN_STEPS: Step[] = [
  { unit: 1, label: '', decimals: 0, from: 0 },
  { unit: 1e3, label: 'K', decimals: 1, from: 10 },
  { unit: 1e6, label: 'M', decimals: 1, from: 1 },
  { unit: 1e9, label: 'B', decimals: 2, from: 1 },
];

const rounded = (value: number, decimals: number): number =>
  Math.round(value * 10 ** decimals) / 10 ** decimals;

/**
 * A figure short enough for a card or a column. The step is chosen after rounding (9,999.6 is `1.0 万`, not
 * `10,000`), and each step has a fixed number of decimals so that a column of them lines up.
 */
export function compactNumber(value: number, lang: Lang): Compact {
  const steps = lang === 'zh-CN' ? ZH_STEPS : EN_STEPS;
  const size = Math.abs(value);
  let step = steps[0] as Step;
  for (const next of steps) {
    const before = rounded(size / step.unit, step.decimals) * step.unit;
    if (before / next.unit >= next.from) step = next;
  }
  const [whole = '0', fraction] = (size / step.unit).toFixed(step.decimals).split('.');
  const text = fraction ? `${group(whole)}.${fraction}` : group(whole);
  const isZero = Number(whole) === 0 && !Number(fraction ?? 0);
  return { text: `${value < 0 && !isZero ? MINUS : ''}${text}`, unit: step.label };
}

export function compactParts(minor: number, currency: string, lang: Lang): Compact {
  const { text, unit } = compactNumber(minor / 10 ** exponent(currency), lang);
  const negative = text.startsWith(MINUS);
  return { text: `${negative ? MINUS : ''}${symbol(currency)}${negative ? text.slice(1) : text}`, unit };
}

export function compact(minor: number, currency: string, lang: Lang): string {
  const { text, unit } = compactParts(minor, currency, lang);
  return unit && lang === 'zh-CN' ? `${text}${NBSP}${unit}` : `${text}${unit}`;
}

/** What a person typed (`12,345.6`) as minor units; null when it is no amount of this currency. */
export function parseMinor(text: string, currency: string): number | null {
  const exp = exponent(currency);
  const match = /^(\d{1,13})(?:\.(\d+))?$/.exec(text.replaceAll(/[,\s，]/g, ''));
  if (!match) return null;
  const fraction = match[2] ?? '';
  if (fraction.length > exp) return null;
  const minor = Number(`${match[1]}${fraction.padEnd(exp, '0')}`);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** The inverse of `parseMinor`, for a form's first value. */
export const editable = (minor: number, currency: string): string =>
  `${minor < 0 ? '-' : ''}${figure(minor, currency).replaceAll(',', '')}`;
