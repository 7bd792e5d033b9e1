import { expect, it } from 'vitest';
import { parseTransactionSearch, toTransactionFilter } from './filter';

it('asks for the bank’s days, the last one whole', () => {
  expect(toTransactionFilter({ day_from: '2026-11-01', day_to: '2026-11-30', direction: 'debit' })).toEqual({
    direction: 'debit',
    occurred_from: '2026-11-01T00:00:00+08:00',
    occurred_to: '2026-12-01T00:00:00+08:00',
  });
});
it('ignores what the address cannot mean', () => {
  expect(
    parseTransactionSearch({ kind: 'gift', amount_min_minor: '-3', mcc_group: 'dining', tab: 'loans' }),
  ).toEqual({
    mcc_group: 'dining',
  });
});
