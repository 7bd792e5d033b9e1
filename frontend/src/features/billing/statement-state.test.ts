import { expect, it } from 'vitest';
import type { Statement } from './queries';
import { pastDueDays, statementState } from './statement-state';

const facts = (billed_minor: number, paid_minor: number, days_past_due: number | null = null) => ({
  billed_minor,
  paid_minor,
  days_past_due,
});

it('says what is still to happen with a statement', () => {
  expect(statementState(facts(1000, 0))).toBe('open');
  expect(statementState(facts(1000, 400))).toBe('partly');
  expect(statementState(facts(1000, 1000))).toBe('settled');
  expect(statementState(facts(0, 0, 0))).toBe('nothing_due');
  expect(statementState(facts(-200, 0))).toBe('credit');
  expect(statementState(facts(1000, 1000, 3))).toBe('past_due');
  expect(statementState({ billed_minor: null, paid_minor: null, days_past_due: null })).toBeNull();
});

it('takes the latest statement of each account for what is overdue now', () => {
  const statement = (account_id: string, closed_on: string, days_past_due: number | null) =>
    ({ account_id, closed_on, days_past_due }) as Statement;
  expect(pastDueDays([])).toBe(0);
  expect(pastDueDays([statement('a', '2026-10-01', 0), statement('a', '2026-09-01', 60)])).toBe(0);
  expect(pastDueDays([statement('a', '2026-10-01', 12), statement('b', '2026-10-05', 41)])).toBe(41);
});
