import { useTranslation } from 'react-i18next';
import { useCode } from '@/lib/i18n';
import type { ApprovalDetail } from './queries';

const CODED = ['gender', 'id_kind', 'education', 'marital_status', 'lifecycle', 'role', 'scope'];
/** Where the names of a table's fields stand. */
const FIELD_NAMES: Record<string, string> = { staff: 'organisation.staff', exports: 'exports.fields' };

/** Field by field: what stands there now, and what is to stand there. */
export function DiffTable({ diff }: { diff: ApprovalDetail['diff'] }) {
  const { t } = useTranslation();
  const name = useCode();
  const label = (table: string, field: string) => name(FIELD_NAMES[table] ?? 'cardholders.field', field);
  const text = (table: string, field: string, value: string | null) => {
    if (value === null) return '—';
    if (table === 'exports') return name(`exports.${field}s`, value);
    if (field === 'is_active') return t(`organisation.staff.${value === 'true' ? 'active' : 'disabled'}`);
    return CODED.includes(field) ? name(field, value) : value;
  };
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
                <del>{text(table, field, before)}</del>
              </td>
              <td>
                <ins>{text(table, field, after)}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
