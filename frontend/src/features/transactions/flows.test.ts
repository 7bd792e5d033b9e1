import { expect, it } from 'vitest';
import { spentMinor, withShares } from './flows';
import type { Spending } from './queries';

const spending = (patch: Partial<Spending>): Spending =>
  ({ months: [], withheld: [], ...patch }) as unknown as Spending;
const month = (out_minor: number | null) => ({
  month: '2026-10',
  in_minor: null,
  out_minor,
  in_count: 0,
  out_count: 1,
});

it('shares out the money, or the count where the money is withheld', () => {
  const money = withShares([
    { out_minor: 300, count: 1 },
    { out_minor: 100, count: 9 },
  ]);
  expect(money.map((flow) => flow.share)).toEqual([0.75, 0.25]);
  const counts = withShares([
    { out_minor: null, count: 1 },
    { out_minor: null, count: 9 },
  ]);
  expect(counts.map((flow) => flow.share)).toEqual([0.1, 0.9]);
  expect(withShares([{ out_minor: 0, count: 0 }])[0]?.share).toBe(0);
});

it('adds up what was spent, unless it is withheld', () => {
  expect(spentMinor(spending({ months: [month(5), month(7)] }))).toBe(12);
  expect(spentMinor(spending({ months: [month(null)], withheld: ['out_minor'] }))).toBeNull();
});
