import '@/ui/data-table.css';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { Movement } from '@/ui/money';
import { movementNote, StatusPill } from './columns';
import { partyOf } from './party';
import type { Transaction } from './queries';

export function TransactionCards({
  rows,
  onOpen,
}: {
  rows: Transaction[];
  onOpen: (row: Transaction) => void;
}) {
  const { t } = useTranslation();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.transaction_id}>
          <button type="button" onClick={() => onOpen(row)}>
            <span className="row">
              <b className="grow party-name">{partyOf(row, t)}</b>
              <b className={row.status === 'declined' ? 'is-void' : undefined}>
                <Movement minor={row.amount_minor} currency={row.currency} direction={row.direction} />
              </b>
            </span>
            <span className="row muted num card-note">
              {`${dateTime(row.occurred_at)} · ${movementNote(row, t)}`}
              <StatusPill status={row.status} t={t} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
