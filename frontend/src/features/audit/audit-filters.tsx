import { Button } from 'antd';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCode } from '@/lib/i18n';
import { DateRange } from '@/ui/date-range';
import { BranchSelect, CodeSelect } from '@/ui/pickers';
import { ACTIONS, SLICES } from './actions';
import { OUTCOMES, ROLES } from './codes';
import type { AuditSearch } from './routes';

/** Filters that have no box of their own, shown as chips: they come from a row's detail or from an address. */
const CHIPS = ['staff_id', 'cardholder_id', 'object_id', 'trace_id', 'ip'] as const;

interface AuditFiltersProps {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { t } = useTranslation();
  const name = useCode();
  const label = 'system.audit' as const;
  const change = (patch: AuditSearch) => onChange({ ...search, ...patch });
  return (
    <search className="toolbar">
      <DateRange
        label={t(`${label}.period`)}
        value={{ from: search.day_from, to: search.day_to }}
        onChange={({ from, to }) => change({ day_from: from, day_to: to })}
      />
      <CodeSelect
        aria-label={t(`${label}.action`)}
        placeholder={t(`${label}.action`)}
        values={[...SLICES, ...ACTIONS] as readonly string[]}
        name={(action) =>
          action.endsWith('.')
            ? name('system.audit.slices', action.slice(0, -1))
            : name('system.audit.actions', action)
        }
        value={search.action}
        onChange={(action) => change({ action })}
        showSearch={{ optionFilterProp: 'label' }}
        style={{ width: 190 }}
      />
      <CodeSelect
        aria-label={t(`${label}.outcome`)}
        placeholder={t(`${label}.outcome`)}
        values={OUTCOMES}
        name={(value) => t(`code.outcome.${value}`)}
        value={search.outcome}
        onChange={(outcome) => change({ outcome })}
        style={{ width: 104 }}
      />
      <CodeSelect
        aria-label={t(`${label}.role`)}
        placeholder={t(`${label}.role`)}
        values={ROLES}
        name={(value) => t(`code.role.${value}`)}
        value={search.role}
        onChange={(role) => change({ role })}
        style={{ width: 130 }}
      />
      <BranchSelect
        aria-label={t(`${label}.branch`)}
        placeholder={t(`${label}.branch`)}
        value={search.branch_id}
        onChange={(branch_id) => change({ branch_id })}
        style={{ width: 150 }}
      />
      {CHIPS.filter((chip) => search[chip]).map((chip) => (
        <Button
          key={chip}
          size="small"
          className="num"
          aria-label={t(`${label}.without`, { name: t(`${label}.chip.${chip}`) })}
          onClick={() => change({ [chip]: undefined })}
        >
          {t(`${label}.chip.${chip}`)} {search[chip]?.slice(-8)} <X size={12} aria-hidden />
        </Button>
      ))}
      {Object.values(search).some(Boolean) && (
        <Button type="text" icon={<X size={15} />} onClick={() => onChange({})}>
          {t('common.clear_filters')}
        </Button>
      )}
    </search>
  );
}
