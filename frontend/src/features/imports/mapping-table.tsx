import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCode } from '@/lib/i18n';
import type { Beginning, Import } from './queries';

interface MappingTableProps {
  one: Import;
  mapping: Record<string, string>;
  sample: Beginning | undefined;
  is_disabled: boolean;
  onChange: (mapping: Record<string, string>) => void;
}

/** For each field the column it is taken from, beside what that column begins with. */
export function MappingTable({ one, mapping, sample, is_disabled, onChange }: MappingTableProps) {
  const { t } = useTranslation();
  const name = useCode();
  const columns = [...new Set(one.columns)].map((column) => ({ value: column, label: column }));
  const choose = (field: string, column: string | undefined) => {
    const { [field]: _, ...others } = mapping;
    onChange(column === undefined ? others : { ...others, [field]: column });
  };
  return (
    <ul className="import-mapping" aria-label={t('imports.mapping')}>
      {one.fields.map((field) => {
        const column = mapping[field.name];
        const at = column === undefined ? -1 : one.columns.indexOf(column);
        const label = name('imports.field', field.name);
        return (
          <li key={field.name} className={column === undefined ? 'is-off' : ''}>
            <span className="import-field">
              {label}
              {field.is_required && <small className="import-required">{t('imports.required')}</small>}
            </span>
            <Select
              aria-label={label}
              showSearch
              allowClear
              disabled={is_disabled}
              placeholder={t('imports.none')}
              options={columns}
              value={column}
              status={field.is_required && column === undefined ? 'warning' : undefined}
              onChange={(next) => choose(field.name, next)}
            />
            <span className="import-sample muted">{sample?.rows[0]?.cells[at] ?? ''}</span>
          </li>
        );
      })}
    </ul>
  );
}
