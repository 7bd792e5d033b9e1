import { SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FieldClass } from '@/api/session';
import { count } from '@/lib/number';
import { Empty } from '@/ui/empty';
import { Pill, type Tone } from '@/ui/pill';
import { CLASSES, findTables } from './find';
import type { ClassedTable } from './queries';

const TONES: Record<FieldClass, Tone> = {
  open: 'plain',
  personal: 'primary',
  financial: 'violet',
  secret: 'danger',
};

export function ClassPill({ value }: { value: FieldClass }) {
  const { t } = useTranslation();
  return <Pill tone={TONES[value]}>{t(`code.field_class.${value}`)}</Pill>;
}

/** Every table of the database, its fields by class. */
export function FieldClasses({ tables, q }: { tables: ClassedTable[]; q: string }) {
  const { t } = useTranslation();
  const found = findTables(tables, q, (kind) => t(`code.field_class.${kind}`));
  if (found.length === 0)
    return <Empty icon={SearchX} title={t('desk.access.empty')} hint={t('desk.access.empty_hint')} />;
  const fields = found.reduce((sum, table) => sum + table.fields.length, 0);
  return (
    <>
      <div className="classed-tables">
        {found.map((table) => (
          <section key={table.table} className="classed-table" aria-label={table.table}>
            <h2 translate="no">{table.table}</h2>
            {CLASSES.map((kind) => (
              <ClassLine key={kind} table={table} kind={kind} />
            ))}
          </section>
        ))}
      </div>
      <p className="list-end num" aria-live="polite">
        {t('desk.access.counted', { tables: count(found.length), fields: count(fields) })}
      </p>
    </>
  );
}

function ClassLine({ table, kind }: { table: ClassedTable; kind: FieldClass }) {
  const { t } = useTranslation();
  const fields = table.fields.filter((field) => field.class === kind);
  if (fields.length === 0) return null;
  return (
    <div className="classed-line">
      <ClassPill value={kind} />
      <div translate="no">
        {fields.map(({ field, is_derived }) => (
          <code key={field} title={is_derived ? t('desk.access.derived') : undefined}>
            {is_derived ? `${field} *` : field}
          </code>
        ))}
      </div>
    </div>
  );
}
