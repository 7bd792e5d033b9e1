import type { TFunction } from 'i18next';
import { dateTime } from '@/lib/dates';
import type { Column } from '@/ui/data-table';
import { Money, Movement } from '@/ui/money';
import { Pill, type Tone } from '@/ui/pill';
import { partyOf } from './party';
import type { Transaction } from './queries';

const STATUS_TONES: Record<Transaction['status'], Tone> = {
  posted: 'plain',
  pending: 'warn',
  declined: 'danger',
  reversed: 'slate',
};

/** Posted is the rule and goes without saying; the exceptions have a pill. */
export function StatusPill({ status, t }: { status: Transaction['status']; t: TFunction }) {
  if (status === 'posted') return null;
  return <Pill tone={STATUS_TONES[status]}>{t(`code.transaction_status.${status}`)}</Pill>;
}

/** What kind of movement it was and on what way it came, under the name of the other side. */
export function movementNote(row: Transaction, t: TFunction): string {
  const parts = [
    t(`code.transaction_kind.${row.kind}`),
    row.channel && t(`code.channel.${row.channel}`),
    row.city,
  ];
  return parts.filter(Boolean).join(' · ');
}

export function transactionColumns(t: TFunction, onOpen: (row: Transaction) => void): Column<Transaction>[] {
  return [
    {
      key: 'time',
      title: t('transactions.column.time'),
      width: 148,
      cell: (row) => <span className="num">{dateTime(row.occurred_at)}</span>,
    },
    {
      key: 'party',
      title: t('transactions.column.party'),
      cell: (row) => (
        <span className="who">
          <span>
            <b>
              <button type="button" className="plain-link" onClick={() => onOpen(row)}>
                {partyOf(row, t)}
              </button>{' '}
              <StatusPill status={row.status} t={t} />
            </b>
            <small>{movementNote(row, t)}</small>
          </span>
        </span>
      ),
    },
    {
      key: 'group',
      title: t('transactions.column.group'),
      width: 104,
      cell: (row) =>
        row.mcc_group ? t(`code.mcc_group.${row.mcc_group}`) : <span className="muted">—</span>,
    },
    {
      key: 'amount',
      title: t('transactions.column.amount'),
      width: 144,
      is_end: true,
      cell: (row) => (
        <b className={row.status === 'declined' ? 'is-void' : undefined}>
          <Movement minor={row.amount_minor} currency={row.currency} direction={row.direction} />
        </b>
      ),
    },
    {
      key: 'balance',
      title: t('transactions.column.balance'),
      width: 144,
      is_end: true,
      cell: (row) => <Money minor={row.balance_after_minor} currency={row.currency} />,
    },
  ];
}
