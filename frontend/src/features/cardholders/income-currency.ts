import type { Change } from './queries';

/** A change with the currencies that its amounts, if they are any, stand in. */
export interface PricedChange extends Pick<Change, 'field' | 'before_value' | 'after_value'> {
  before_currency: string | null;
  after_currency: string | null;
}

/**
 * The history, newest first, with the currency of the income at each change: today's, and on the way back the one before
 * every change of it. Amount and currency of one change were saved at one moment.
 */
export function withCurrencies<
  C extends Pick<Change, 'field' | 'before_value' | 'after_value' | 'changed_at'>,
>(changes: readonly C[], today: string | null): (C & PricedChange)[] {
  const turns = changes.filter(({ field }) => field === 'yearly_income_currency');
  const at = ({ changed_at }: C) => new Date(changed_at).getTime();
  return changes.map((change) => {
    const later = turns.findLast((turn) => at(turn) > at(change));
    const own = turns.find((turn) => at(turn) === at(change));
    const after_currency = later ? later.before_value : today;
    return { ...change, after_currency, before_currency: own ? own.before_value : after_currency };
  });
}
