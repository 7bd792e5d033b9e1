import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AGE_MAX } from './codes';
import { activeFilters, fromViewQuery, parseListSearch, toFilter, toViewQuery } from './list-search';

type Operation = { parameters: { name: string; schema: { maximum?: number } }[] };

const branch_id = '0190b3f4-7c1d-7a51-9f2e-0242ac120002';

describe('the list’s address', () => {
  it('asks for no age beyond what the server takes', () => {
    expect(parseListSearch({ age_min: '140', age_max: '131' })).toEqual({});
    expect(parseListSearch({ age_min: '0', age_max: '130' })).toEqual({ age_min: 0, age_max: 130 });
    const written = readFileSync(new URL('../../../../openapi/openapi.json', import.meta.url), 'utf8');
    const { parameters } = JSON.parse(written).paths['/api/v1/cardholders'].get as Operation;
    const ages = parameters.filter(({ name }) => name.startsWith('age_'));
    expect(ages.map(({ schema }) => schema.maximum)).toEqual([AGE_MAX, AGE_MAX]);
  });
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
