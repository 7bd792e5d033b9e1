import { expect, it } from 'vitest';
import { variants } from './fault-text';

it('looks for the sentence that names both limits, or the one there is', () => {
  expect(variants({ min: 2, max: 16 })).toEqual(['']);
  expect(variants({ max: 12 })).toEqual(['_max', '']);
  expect(variants({ min: 0, max: null })).toEqual(['_min', '']);
});

it('looks for the sentence of the reason first', () => {
  expect(variants({ reason: 'too_short' })).toEqual(['_too_short', '']);
});

it('never repeats an amount’s limits, which are in minor units', () => {
  expect(variants({ min: 0, max: 1_000_000 }, '/yearly_income_minor')).toEqual(['_amount', '']);
});
