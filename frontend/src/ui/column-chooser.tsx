import { Button, Checkbox, Popover } from 'antd';
import { Columns3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePrefs } from '@/lib/prefs';

interface Choice {
  key: string;
  title: string;
  is_pinned?: boolean;
}

/** The columns a person chose for a table, in the table's own order; pinned ones are always shown. */
export function useShownColumns<C extends Choice>(table: string, all: C[], defaults: readonly string[]): C[] {
  const chosen = usePrefs((prefs) => prefs.columns[table]) ?? defaults;
  return all.filter((column) => column.is_pinned || chosen.includes(column.key));
}

interface ColumnChooserProps {
  table: string;
  all: Choice[];
  defaults: readonly string[];
}

export function ColumnChooser({ table, all, defaults }: ColumnChooserProps) {
  const { t } = useTranslation();
  const columns = usePrefs((prefs) => prefs.columns);
  const isDense = usePrefs((prefs) => prefs.is_dense);
  const set = usePrefs((prefs) => prefs.set);
  const chosen = columns[table] ?? defaults;
  const choose = (keys: readonly string[]) => set({ columns: { ...columns, [table]: [...keys] } });
  const reset = () => {
    const { [table]: _, ...others } = columns;
    set({ columns: others, is_dense: true });
  };
  const content = (
    <div className="column-chooser">
      {all
        .filter((column) => !column.is_pinned)
        .map(({ key, title }) => (
          <Checkbox
            key={key}
            checked={chosen.includes(key)}
            onChange={(event) =>
              choose(event.target.checked ? [...chosen, key] : chosen.filter((other) => other !== key))
            }
          >
            {title}
          </Checkbox>
        ))}
      <hr />
      <Checkbox checked={isDense} onChange={(event) => set({ is_dense: event.target.checked })}>
        {t('common.dense')}
      </Checkbox>
      <button type="button" className="link" onClick={reset}>
        {t('common.reset')}
      </button>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} content={content}>
      <Button icon={<Columns3 size={15} />}>{t('common.columns')}</Button>
    </Popover>
  );
}
