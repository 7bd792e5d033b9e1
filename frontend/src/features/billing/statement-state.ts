import type { Tone } from '@/ui/pill';
import type { Statement } from './queries';

export type StatementState = 'past_due' | 'credit' | 'nothing_due' | 'settled' | 'partly' | 'open';

export const STATEMENT_TONES: Record<StatementState, Tone> = {
  past_due: 'danger',
  credit: 'slate',
  nothing_due: 'plain',
  settled: 'ok',
  partly: 'warn',
  open: 'primary',
};

type Facts = Pick<Statement, 'billed_minor' | 'paid_minor' | 'days_past_due'>;

/** What is still to happen with a statement; null when the role may not see it. Overdue outweighs everything: it is what somebody must act on. */
export function statementState({ billed_minor, paid_minor, days_past_due }: Facts): StatementState | null {
  if (billed_minor === null || paid_minor === null) return null;
  if (days_past_due !== null && days_past_due > 0) return 'past_due';
  if (billed_minor < 0) return 'credit';
  if (billed_minor === 0) return 'nothing_due';
  if (paid_minor >= billed_minor) return 'settled';
  return paid_minor > 0 ? 'partly' : 'open';
}

/** The days the worst of the latest statements is overdue, for the header of a record; zero when none is. */
export function pastDueDays(statements: readonly Statement[]): number {
  const latest = new Map<string, Statement>();
  for (const statement of statements) {
    const known = latest.get(statement.account_id);
    if (!known || known.closed_on < statement.closed_on) latest.set(statement.account_id, statement);
  }
  return Math.max(0, ...[...latest.values()].map(({ days_past_due }) => days_past_due ?? 0));
}
