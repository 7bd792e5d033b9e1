import '@/ui/data-table.css';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { branchesQuery } from '@/api/reference';
import { dateTime } from '@/lib/dates';
import { Avatar } from '@/ui/avatar';
import type { Staff } from './queries';
import { StaffMenu } from './staff-menu';
import { StaffState } from './staff-state';

/** `onEdit` is absent for whoever may only look. */
export function StaffCards({ rows, onEdit }: { rows: Staff[]; onEdit?: (staff: Staff) => void }) {
  const { t } = useTranslation();
  const branches = useQuery(branchesQuery).data;
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.staff_id}>
          <div>
            <div className="row">
              <span className="who grow">
                <Avatar name={row.name} size={36} />
                <span>
                  <b>{row.name}</b>
                  <small className="num">
                    {row.staff_no} · {t(`code.role.${row.role}`)}
                  </small>
                </span>
              </span>
              <StaffState staff={row} />
              {onEdit && <StaffMenu staff={row} onEdit={() => onEdit(row)} />}
            </div>
            <p className="muted num card-note">
              {branches?.find(({ branch_id }) => branch_id === row.branch_id)?.name} ·{' '}
              {row.last_sign_in_at ? dateTime(row.last_sign_in_at) : t('organisation.staff.never')}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
