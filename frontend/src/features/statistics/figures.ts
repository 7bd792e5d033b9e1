import { compactNumber, exponent, ledger } from '@/lib/money';
import { count } from '@/lib/number';
import type { Lang } from '@/lib/prefs';
import type { Statistics, StatisticsGroup } from './queries';

/** Groups that a picture still tells apart. */
export const DRAWN_MAX = 24;

/** A figure to the last digit. */
export const exact = (value: number, { unit, currency }: Statistics): string =>
  unit === 'minor' ? ledger(value, currency ?? '') : count(value);

/** A figure short enough for an axis; its currency stands above the chart. */
export function short(value: number, { unit, currency }: Statistics, lang: Lang): string {
  const figure = compactNumber(unit === 'minor' ? value / 10 ** exponent(currency ?? '') : value, lang);
  return figure.unit && lang === 'zh-CN' ? `${figure.text} ${figure.unit}` : `${figure.text}${figure.unit}`;
}

/** A group's part of the total: where the groups are parts of it, and both are told. */
export function shareOf(group: StatisticsGroup, statistics: Statistics): number | null {
  const { measure, by, groups, total } = statistics;
  // Somebody holds several products, is active in several months: such groups overlap.
  const overlaps =
    (measure === 'cardholders' && by === 'product') || (measure === 'activity' && by !== 'branch');
  // What somebody owes counts below zero: beside it others would be more than the whole.
  const isMixed = groups.some(({ value }) => value !== null && value < 0);
  if (overlaps || isMixed || group.value === null || !total.value || total.value < 0) return null;
  return group.value / total.value;
}
