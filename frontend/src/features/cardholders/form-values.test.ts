import { describe, expect, it } from 'vitest';
import { sampleCardholder as base } from '@/test/samples';
import { differences, toForm, toNew, toPatch } from './form-values';

describe('editing a profile', () => {
  it('sends nothing when nothing was changed', () => {
    expect(toPatch(toForm(base), base)).toEqual({});
  });
  it('sends what was changed, and null for what was emptied', () => {
    const values = { ...toForm(base), occupation: ' ', birth_on: '1988-03-15' };
    expect(toPatch(values, base)).toEqual({ occupation: null, birth_on: '1988-03-15' });
  });
  it('sends an income with its currency', () => {
    expect(toPatch({ ...toForm(base), yearly_income_minor: '200,000' }, base)).toEqual({
      yearly_income_minor: 20_000_000,
      yearly_income_currency: 'CNY',
    });
    expect(toPatch({ ...toForm(base), yearly_income_minor: '' }, base)).toEqual({
      yearly_income_minor: null,
      yearly_income_currency: null,
    });
  });
  it('never clears a field the role may not see', () => {
    const blind = { ...base, yearly_income_minor: null, yearly_income_currency: null };
    const withheld = { ...blind, withheld: ['yearly_income_minor', 'yearly_income_currency'] };
    expect(toPatch(toForm(withheld), withheld)).toEqual({});
  });
  it('sends a document number only when a new one was typed, with its kind', () => {
    expect(toPatch({ ...toForm(base), national_id: 'P1234567', id_kind: 'passport' }, base)).toEqual({
      id_kind: 'passport',
      national_id: 'P1234567',
    });
  });
});

describe('creating a cardholder', () => {
  it('leaves out what was left empty', () => {
    const body = toNew({
      branch_id: 'b',
      name: ' 王小明 ',
      phones: [{ kind: 'mobile', number: '13800005678' }],
      emails: [],
    });
    expect(body).toEqual({
      branch_id: 'b',
      name: '王小明',
      lifecycle: undefined,
      phones: [{ kind: 'mobile', number: '13800005678', is_primary: false }],
      emails: [],
      addresses: [],
    });
  });
  it('carries the reason for which a likely duplicate is created anyway', () => {
    expect(toNew({ branch_id: 'b' }, '双胞胎').duplicate_override_reason).toBe('双胞胎');
  });
});

it('shows what somebody else changed beside what this form would write', () => {
  const latest = { ...base, version: 4, occupation: '财务经理', employer: null };
  expect(differences(base, latest, { occupation: '出纳' })).toEqual([
    { field: 'occupation', theirs: '财务经理', mine: '出纳' },
    { field: 'employer', theirs: null, mine: undefined },
  ]);
});
