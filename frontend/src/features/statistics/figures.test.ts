import { expect, it } from 'vitest';
import { exact, shareOf, short } from './figures';
import type { Statistics } from './queries';

const total = { key: '', name: null, value: 400, row_count: 4, is_suppressed: false };
const money = {
  measure: 'balances',
  by: 'branch',
  unit: 'minor',
  currency: 'CNY',
  groups: [total],
  total,
} as Statistics;
const people = { ...money, measure: 'cardholders', unit: 'count', currency: null } as Statistics;
const group = (value: number | null) => ({ ...total, key: 'a', value });

it('writes amounts as money and people as numbers', () => {
  expect([exact(123_456, money), exact(123_456, people)]).toEqual(['¥1,234.56', '123,456']);
  expect([short(1_234_567_800, money, 'zh-CN'), short(12_345, people, 'en')]).toEqual(['1,235 万', '12.3K']);
});

it('tells shares only of parts that make up the whole', () => {
  expect(shareOf(group(100), money)).toBe(0.25);
  expect(shareOf(group(null), money)).toBeNull();
  expect(shareOf(group(100), { ...money, groups: [group(-100)] })).toBeNull();
  expect(shareOf(group(100), { ...people, by: 'product' })).toBeNull();
  expect(shareOf(group(100), { ...people, measure: 'activity', by: 'month' })).toBeNull();
  expect(shareOf(group(100), { ...money, total: { ...total, value: 0 } })).toBeNull();
});
