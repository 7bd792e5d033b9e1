import type { TFunction } from 'i18next';
import type { Transaction } from './queries';

/** Who stood on the other side: the merchant, else the counterparty, else what kind of movement it was. */
export function partyOf(transaction: Transaction, t: TFunction): string {
  return (
    transaction.merchant_name ??
    transaction.counterparty_name ??
    ([transaction.counterparty_bank, transaction.counterparty_account].filter(Boolean).join(' ') ||
      t(`code.transaction_kind.${transaction.kind}`))
  );
}
