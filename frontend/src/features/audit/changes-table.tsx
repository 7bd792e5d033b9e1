import { useTranslation } from 'react-i18next';

const text = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '—';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const isPair = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2;

/** Each field with what it was and what it became; what has only one value stands alone. */
export function ChangesTable({ changes }: { changes: Record<string, unknown> }) {
  const { t } = useTranslation();
  const fields = Object.entries(changes);
  const hasPairs = fields.some(([, value]) => isPair(value));
  return (
    <div className="table-scroll">
      <table className="changes-table">
        <thead>
          <tr>
            <th scope="col">{t('system.audit.field')}</th>
            {hasPairs && <th scope="col">{t('system.audit.before')}</th>}
            <th scope="col">{hasPairs ? t('system.audit.after') : t('system.audit.value')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(([field, value]) => (
            <tr key={field}>
              <th scope="row">
                <code>{field}</code>
              </th>
              {hasPairs && <td className="is-before">{isPair(value) ? text(value[0]) : '—'}</td>}
              <td className={hasPairs ? 'is-after' : undefined}>
                {isPair(value) ? text(value[1]) : text(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
