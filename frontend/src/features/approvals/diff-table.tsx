import { useTranslation } from 'react-i18next';
import { useCode } from '@/lib/i18n';
import type { ApprovalDetail } from './queries';

const CODED = ['gender', 'id_kind', 'role', 'scope'];

/** Field by field: what stands there now, and what is to stand there. */
export function DiffTable({ diff }: { diff: ApprovalDetail['diff'] }) {
  const { t } = useTranslation();
  const name = useCode();
  const label = (table: string, field: string) =>
    table === 'staff' ? name('organisation.staff', field) : name('cardholders.field', field);
  const text = (field: string, value: string | null) =>
    value === null ? '—' : CODED.includes(field) ? name(field, value) : value;
  return (
    <div className="diff-scroll">
      <table className="diff-table">
        <thead>
          <tr>
            <th scope="col">{t('approvals.field')}</th>
            <th scope="col">{t('approvals.before')}</th>
            <th scope="col">{t('approvals.after')}</th>
          </tr>
        </thead>
        <tbody>
          {diff.map(({ table, field, before, after }) => (
            <tr key={`${table} ${field}`}>
              <th scope="row">{label(table, field)}</th>
              <td>
                <del>{text(field, before)}</del>
              </td>
              <td>
                <ins>{text(field, after)}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
