import { useTranslation } from 'react-i18next';

/** A list's filter, condition by condition, as the server was asked. */
export function Conditions({ query }: { query: Record<string, unknown> }) {
  const { t } = useTranslation();
  const conditions = Object.entries(query);
  if (conditions.length === 0) return <span className="muted">{t('exports.no_filter')}</span>;
  return (
    <span className="export-query">
      {conditions.map(([name, value]) => (
        <code key={name}>
          {name}={String(value)}
        </code>
      ))}
    </span>
  );
}
