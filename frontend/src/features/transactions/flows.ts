import type { Spending } from './queries';

interface Flow {
  out_minor: number | null;
  count: number;
}

/** Whether this role sees how often, but not how much. */
export const isWithheld = (spending: Spending): boolean => spending.withheld.includes('out_minor');

/** Each flow's part of the whole: of the money, or of the count where the money is withheld. */
export function withShares<F extends Flow>(flows: readonly F[]): (F & { share: number })[] {
  const size = ({ out_minor, count }: F) => out_minor ?? count;
  const whole = flows.reduce((sum, flow) => sum + size(flow), 0);
  return flows.map((flow) => ({ ...flow, share: whole > 0 ? size(flow) / whole : 0 }));
}

/** All that was spent in the window; null when the role may not see it. */
export function spentMinor(spending: Spending): number | null {
  if (isWithheld(spending)) return null;
  return spending.months.reduce((sum, month) => sum + (month.out_minor ?? 0), 0);
}
