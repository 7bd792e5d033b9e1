import { describe, expect, it } from 'vitest';
import {
  parseSearch,
  sameQuery,
  searchDay,
  searchId,
  searchOneOf,
  searchText,
  searchWhole,
  stringifySearch,
  withoutEmpty,
} from './url-state';

describe('search parameters', () => {
  it('read back as they were written', () => {
    const search = { q: '张三', lifecycle: ['active', 'dormant'], age_min: '30' };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });
  it('leave out what is empty', () => {
    expect(stringifySearch({ q: '', sort: undefined, tags: [] })).toBe('');
    expect(withoutEmpty({ q: '', sort: undefined, tags: [], n: 0 })).toEqual({ n: 0 });
  });
});

it('compares filters whatever the order of their keys', () => {
  expect(sameQuery({ a: 1, b: '' }, { a: 1 })).toBe(true);
  expect(sameQuery({ b: 2, a: 1 }, { a: 1, b: 2 })).toBe(true);
  expect(sameQuery({ a: 1 }, { a: 2 })).toBe(false);
});

it('takes a malformed parameter for an absent one', () => {
  const raw = {
    n: '12',
    bad: '-1',
    day: '2026-02-30x',
    ok: '2026-02-28',
    id: 'x',
    kind: 'loan',
    many: ['a', 'b'],
  };
  expect(searchWhole(raw, 'n')).toBe(12);
  expect(searchWhole(raw, 'bad')).toBeUndefined();
  expect([searchWhole(raw, 'n', 12), searchWhole(raw, 'n', 11)]).toEqual([12, undefined]);
  expect(searchDay(raw, 'day')).toBeUndefined();
  expect(searchDay(raw, 'ok')).toBe('2026-02-28');
  expect(searchId(raw, 'id')).toBeUndefined();
  expect(searchId({ id: '0190b3f4-7c1d-7a51-9f2e-0242ac120002' }, 'id')).toBeDefined();
  expect(searchOneOf(raw, 'kind', ['loan', 'deposit'])).toBe('loan');
  expect(searchOneOf(raw, 'n', ['loan'])).toBeUndefined();
  expect(searchText(raw, 'many')).toBeUndefined();
});
