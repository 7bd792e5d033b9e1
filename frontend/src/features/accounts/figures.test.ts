import { describe, expect, it } from 'vitest';
import { areDepositsWithheld, creditUse, deposits, holdsCredit, isCreditWithheld } from './figures';
import type { Account } from './queries';

const account = (patch: Partial<Account>): Account =>
  ({
    kind: 'current',
    currency: 'CNY',
    status: 'active',
    access: 'owner',
    balance_minor: 0,
    available_minor: 0,
    credit_limit_minor: null,
    withheld: [],
    ...patch,
  }) as Account;

describe('deposits', () => {
  it('adds up own open deposit accounts, never across currencies', () => {
    const sums = deposits([
      account({ balance_minor: 100 }),
      account({ kind: 'savings', balance_minor: 250 }),
      account({ balance_minor: 70, currency: 'USD' }),
      account({ balance_minor: 999, status: 'closed' }),
      account({ balance_minor: 999, access: 'authorised_user' }),
      account({ kind: 'loan', balance_minor: -5000 }),
      account({ balance_minor: null }),
    ]);
    expect(sums).toEqual([
      { currency: 'CNY', minor: 350, accounts: 2 },
      { currency: 'USD', minor: 70, accounts: 1 },
    ]);
  });
});

describe('use of credit', () => {
  const card = (limit: number, available: number, currency = 'CNY') =>
    account({ kind: 'credit_card', credit_limit_minor: limit, available_minor: available, currency });
  it('is what is not available of the line', () => {
    expect(creditUse([card(30_000, 20_000), card(10_000, 10_000)])).toEqual({
      currency: 'CNY',
      used_minor: 10_000,
      limit_minor: 40_000,
      share: 0.25,
    });
  });
  it('is nothing, not negative, on an overpaid card', () => {
    expect(creditUse([card(10_000, 12_000)])?.used_minor).toBe(0);
  });
  it('does not exist without a credit card', () => {
    expect(creditUse([account({})])).toBeNull();
  });
});

describe('what the role is not shown', () => {
  const blind = { balance_minor: null, available_minor: null, credit_limit_minor: null };
  const withheld = ['balance_minor', 'credit_limit_minor', 'available_minor'];
  it('is not taken for what is not there', () => {
    const hidden = [account({ ...blind, withheld }), account({ ...blind, withheld, kind: 'credit_card' })];
    expect([areDepositsWithheld(hidden), isCreditWithheld(hidden), holdsCredit(hidden)]).toEqual([
      true,
      true,
      true,
    ]);
  });
  it('is nothing where only others’ or closed accounts are', () => {
    const others = [
      account({ ...blind, withheld, access: 'authorised_user' }),
      account({ ...blind, withheld, kind: 'credit_card', status: 'closed' }),
    ];
    expect([areDepositsWithheld(others), isCreditWithheld(others), holdsCredit(others)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
