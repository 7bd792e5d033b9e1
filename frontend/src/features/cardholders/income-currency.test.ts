import { expect, it } from 'vitest';
import { withCurrencies } from './income-currency';

const change = (day: number, field: string, before_value: string | null, after_value: string | null) => ({
  changed_at: `2026-11-0${day}T01:00:00Z`,
  field,
  before_value,
  after_value,
});

it('knows in which currency each amount of a history stood', () => {
  const history = [
    change(5, 'yearly_income_minor', '2000', '3000'),
    change(4, 'yearly_income_currency', 'CNY', 'USD'),
    change(4, 'yearly_income_minor', '36000000', '2000'),
    change(3, 'yearly_income_minor', null, '36000000'),
    change(3, 'yearly_income_currency', null, 'CNY'),
  ];
  const incomes = withCurrencies(history, 'USD').filter(({ field }) => field === 'yearly_income_minor');
  expect(incomes.map(({ before_currency, after_currency }) => [before_currency, after_currency])).toEqual([
    ['USD', 'USD'],
    ['CNY', 'USD'],
    [null, 'CNY'],
  ]);
});

it('knows the currency of an income that is no longer there', () => {
  const history = [
    change(2, 'yearly_income_currency', 'JPY', null),
    change(2, 'yearly_income_minor', '500', null),
  ];
  expect(withCurrencies(history, null)[1]).toMatchObject({ before_currency: 'JPY', after_currency: null });
});
