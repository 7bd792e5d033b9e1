import { compact, compactNumber, ledger } from '@/lib/money';
import { count } from '@/lib/number';
import type { Lang } from '@/lib/prefs';
import type { Statistics, StatisticsGroup } from './queries';

/** Groups that a picture still tells apart. */
export const DRAWN_MAX = 24;

/** A figure to the last digit. */
export const exact = (value: number, { unit, currency }: Statistics): string =>
  unit === 'minor' ? ledger(value, currency ?? '') : count(value);

/** A figure short enough for an axis. */
export function short(value: number, { unit, currency }: Statistics, lang: Lang): string {
  if (unit === 'minor') return compact(value, currency ?? '', lang);
  const figure = compactNumber(value, lang);
  return `${figure.text}${figure.unit}`;
}

/** A group's part of the total: where the groups are parts of it, and both are told. */
export function shareOf(group: StatisticsGroup, { measure, by, total }: Statistics): number | null {
  // Somebody holds several products, is active in several months: such groups overlap.
  const overlaps =
    (measure === 'cardholders' && by === 'product') || (measure === 'activity' && by !== 'branch');
  if (overlaps || group.value === null || !total.value || total.value < 0 || group.value < 0) return null;
  return group.value / total.value;
}
