import { dayStart, nextDay } from '@/lib/dates';
import { searchDay, searchId, searchOneOf, searchWhole, withoutEmpty } from '@/lib/url-state';
import type { Transaction, TransactionFilter } from './queries';

export const KINDS = [
  'purchase',
  'cash_withdrawal',
  'cash_deposit',
  'transfer_in',
  'transfer_out',
  'salary',
  'interest',
  'penalty_interest',
  'fee',
  'repayment',
  'loan_payment',
  'pension',
  'refund',
  'reversal',
  'other',
] as const satisfies readonly Transaction['kind'][];
export const DIRECTIONS = ['credit', 'debit'] as const satisfies readonly Transaction['direction'][];
export const CHANNELS = [
  'pos',
  'online',
  'mobile',
  'atm',
  'branch',
  'transfer',
  'direct_debit',
  'system',
] as const satisfies readonly NonNullable<Transaction['channel']>[];
export const MCC_GROUPS = [
  'groceries',
  'dining',
  'shopping',
  'travel',
  'transport',
  'housing',
  'utilities',
  'health',
  'education',
  'entertainment',
  'financial',
  'services',
  'cash',
  'other',
] as const satisfies readonly NonNullable<Transaction['mcc_group']>[];

/** The filters as the address has them: days instead of instants. */
export interface TransactionSearch extends Omit<TransactionFilter, 'occurred_from' | 'occurred_to'> {
  day_from?: string;
  day_to?: string;
}

export function parseTransactionSearch(raw: Record<string, unknown>): TransactionSearch {
  return withoutEmpty({
    account_id: searchId(raw, 'account_id'),
    card_id: searchId(raw, 'card_id'),
    kind: searchOneOf(raw, 'kind', KINDS),
    direction: searchOneOf(raw, 'direction', DIRECTIONS),
    mcc_group: searchOneOf(raw, 'mcc_group', MCC_GROUPS),
    channel: searchOneOf(raw, 'channel', CHANNELS),
    amount_min_minor: searchWhole(raw, 'amount_min_minor'),
    amount_max_minor: searchWhole(raw, 'amount_max_minor'),
    day_from: searchDay(raw, 'day_from'),
    day_to: searchDay(raw, 'day_to'),
  });
}

/** The bank's days become instants; the last day counts whole. */
export function toTransactionFilter(search: TransactionSearch): TransactionFilter {
  const { day_from, day_to, ...rest } = search;
  return withoutEmpty({
    ...rest,
    occurred_from: day_from && dayStart(day_from),
    occurred_to: day_to && dayStart(nextDay(day_to)),
  });
}
