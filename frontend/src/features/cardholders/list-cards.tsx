import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSees } from '@/api/session';
import { Avatar } from '@/ui/avatar';
import '@/ui/data-table.css';
import { LifecyclePill } from './identity';
import type { CardholderListItem } from './queries';

/** The list on a phone: one card, one link, what tells two people of one name apart. */
export function ListCards({ rows }: { rows: CardholderListItem[] }) {
  const { t } = useTranslation();
  const seesPersonal = useSees('personal');
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.cardholder_id}>
          <Link to="/cardholders/$cardholder_id" params={{ cardholder_id: row.cardholder_id }}>
            <span className="row">
              <span className="who grow">
                <Avatar name={row.name} size={36} />
                <span>
                  <b>{row.name ?? t('common.unnamed')}</b>
                  <small className="num">{row.customer_no}</small>
                </span>
              </span>
              <LifecyclePill value={row.lifecycle} />
            </span>
            <span className="trio">
              {seesPersonal ? <PersonalFacts row={row} /> : <OpenFacts row={row} />}
              <span>
                <small>{t('cardholders.column.branch')}</small>
                <b>{row.branch_name}</b>
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function PersonalFacts({ row }: { row: CardholderListItem }) {
  const { t } = useTranslation();
  return (
    <>
      <span>
        <small>{t('cardholders.column.age')}</small>
        <b className="num">
          {row.age_years ?? '—'}
          {row.gender && ` · ${t(`code.gender.${row.gender}`)}`}
        </b>
      </span>
      <span>
        <small>{t('cardholders.column.phone')}</small>
        <b className="num">{row.primary_phone_masked ?? '—'}</b>
      </span>
    </>
  );
}

/** For roles that are shown nothing personal. */
function OpenFacts({ row }: { row: CardholderListItem }) {
  const { t } = useTranslation();
  return (
    <>
      <span>
        <small>{t('cardholders.column.opened_on')}</small>
        <b className="num">{row.opened_on}</b>
      </span>
      <span>
        <small>{t('cardholders.column.manager')}</small>
        <b>{row.manager_name ?? '—'}</b>
      </span>
    </>
  );
}
