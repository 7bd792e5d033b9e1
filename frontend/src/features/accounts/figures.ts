import type { Account } from './queries';

export interface Sum {
  currency: string;
  minor: number;
  accounts: number;
}

export interface CreditUse {
  currency: string;
  used_minor: number;
  limit_minor: number;
  share: number;
}

const DEPOSITS: readonly Account['kind'][] = ['current', 'savings', 'deposit'];

const isOwnOpen = ({ access, status }: Account) => access === 'owner' && status !== 'closed';
const isDeposit = (account: Account) => isOwnOpen(account) && DEPOSITS.includes(account.kind);
const isCredit = (account: Account) => isOwnOpen(account) && account.kind === 'credit_card';

/** Whether there are own deposits of which the role is not shown how much. */
export const areDepositsWithheld = (accounts: readonly Account[]): boolean =>
  accounts.some((account) => isDeposit(account) && account.withheld.includes('balance_minor'));

/** Whether there are own credit lines of which the role is not shown how much is used. */
export const isCreditWithheld = (accounts: readonly Account[]): boolean =>
  accounts.some(
    (account) =>
      isCredit(account) &&
      (account.withheld.includes('credit_limit_minor') || account.withheld.includes('available_minor')),
  );

export const holdsCredit = (accounts: readonly Account[]): boolean => accounts.some(isCredit);

/** Own deposits by currency, the largest number of accounts first: amounts of two currencies are never added. */
export function deposits(accounts: readonly Account[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const account of accounts) {
    const { currency, balance_minor } = account;
    if (!isDeposit(account) || balance_minor === null) continue;
    const sum = sums.get(currency) ?? { currency, minor: 0, accounts: 0 };
    sums.set(currency, { currency, minor: sum.minor + balance_minor, accounts: sum.accounts + 1 });
  }
  return [...sums.values()].sort((a, b) => b.accounts - a.accounts);
}

/** How much of the credit lines is used, in the currency with the largest line; null without one. */
export function creditUse(accounts: readonly Account[]): CreditUse | null {
  const uses = new Map<string, { used_minor: number; limit_minor: number }>();
  for (const account of accounts) {
    const { credit_limit_minor: limit, available_minor: available, currency } = account;
    if (!isCredit(account) || limit === null || available === null || limit <= 0) continue;
    const use = uses.get(currency) ?? { used_minor: 0, limit_minor: 0 };
    uses.set(currency, {
      used_minor: use.used_minor + Math.max(0, limit - available),
      limit_minor: use.limit_minor + limit,
    });
  }
  const [largest] = [...uses].sort(([, a], [, b]) => b.limit_minor - a.limit_minor);
  if (!largest) return null;
  const [currency, use] = largest;
  return { currency, ...use, share: use.used_minor / use.limit_minor };
}
