import { describe, expect, it } from 'vitest';
import { activeFilters, fromViewQuery, parseListSearch, toFilter, toViewQuery } from './list-search';

const branch_id = '0190b3f4-7c1d-7a51-9f2e-0242ac120002';

describe('the list’s address', () => {
  it('is read into the API’s own filters, without what is malformed', () => {
    expect(
      parseListSearch({
        q: '张三',
        branch_id,
        lifecycle: 'dormant',
        age_min: '30',
        gender: 'robot',
        sort: 'balance',
      }),
    ).toEqual({
      branch_id,
      lifecycle: 'dormant',
      age_min: 30,
    });
  });
});

it('leaves the order to the server when something is searched for', () => {
  expect(toFilter({ sort: 'customer_no', view: 'x' }, undefined)).toEqual({ sort: 'customer_no' });
  expect(toFilter({ sort: 'customer_no', gender: 'female' }, '张三')).toEqual({ gender: 'female' });
});

describe('a saved view', () => {
  it('keeps filters, order and columns, and comes back as it was', () => {
    const search = { lifecycle: 'dormant', age_min: 30, sort: 'customer_no' } as const;
    const saved = toViewQuery({ ...search, view: 'v' }, ['name', 'phone']);
    expect(saved).toEqual({ ...search, columns: ['name', 'phone'] });
    expect(fromViewQuery(saved)).toEqual({ search, columns: ['name', 'phone'] });
  });
  it('survives what an older version may have kept', () => {
    expect(fromViewQuery({ lifecycle: 'gone', columns: 'name', tier: 'gold' })).toEqual({
      search: {},
      columns: undefined,
    });
  });
});

it('counts filters without order and view', () => {
  expect(activeFilters({ sort: 'customer_no', view: 'v', gender: 'female' })).toEqual({
    gender: 'female',
  });
});
