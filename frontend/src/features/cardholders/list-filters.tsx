import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { branchesQuery, managersQuery } from '@/api/reference';
import { BranchSelect, CodeSelect, ManagerSelect } from '@/ui/pickers';
import { LIFECYCLES } from './codes';
import { activeFilters, type ListSearch } from './list-search';
import type { CardholderFilter } from './queries';

export interface FiltersProps {
  search: ListSearch;
  onChange: (patch: Partial<CardholderFilter>) => void;
}

/** The three filters most used, in the toolbar. */
export function MainFilters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <>
      <BranchSelect
        aria-label={t('cardholders.filter.branch')}
        placeholder={t('cardholders.filter.branch')}
        value={search.branch_id}
        onChange={(branch_id) => onChange({ branch_id })}
        style={{ width: 160 }}
      />
      <ManagerSelect
        aria-label={t('cardholders.filter.manager')}
        placeholder={t('cardholders.filter.manager')}
        value={search.manager_id}
        onChange={(manager_id) => onChange({ manager_id })}
        style={{ width: 140 }}
      />
      <CodeSelect
        aria-label={t('cardholders.filter.lifecycle')}
        placeholder={t('cardholders.filter.lifecycle')}
        values={LIFECYCLES}
        name={(value) => t(`code.lifecycle.${value}`)}
        value={search.lifecycle}
        onChange={(lifecycle) => onChange({ lifecycle })}
        style={{ width: 108 }}
      />
    </>
  );
}

/** Every filter in force as a chip that can be taken away. */
export function FilterChips({ search, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const chips = useChips(search);
  if (chips.length === 0) return null;
  const clearAll = () =>
    onChange(Object.fromEntries(Object.keys(activeFilters(search)).map((key) => [key, undefined])));
  return (
    <div className="chips-row">
      <ul className="chips" aria-label={t('common.filters')}>
        {chips.map(({ keys, text }) => (
          <li key={keys.join()} className="chip">
            {text}
            <button
              type="button"
              aria-label={`${t('common.remove')} ${text}`}
              onClick={() => onChange(Object.fromEntries(keys.map((key) => [key, undefined])))}
            >
              <X size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="link" onClick={clearAll}>
        {t('common.clear_filters')}
      </button>
    </div>
  );
}

function useChips(search: ListSearch): { keys: (keyof CardholderFilter)[]; text: string }[] {
  const { t } = useTranslation();
  const branches = useQuery(branchesQuery).data;
  const managers = useQuery(managersQuery()).data;
  const chips: { keys: (keyof CardholderFilter)[]; text: string }[] = [];
  const add = (text: string | undefined, ...keys: (keyof CardholderFilter)[]) =>
    text && chips.push({ keys, text });
  const unknown = t('cardholders.filter.unknown');
  const { branch_id, manager_id, age_min, age_max, opened_from, opened_to } = search;
  if (branch_id) {
    const name = branches?.find((branch) => branch.branch_id === branch_id)?.name ?? unknown;
    add(`${t('cardholders.filter.branch')} ${name}`, 'branch_id');
  }
  if (manager_id) {
    const name = managers?.find((manager) => manager.staff_id === manager_id)?.name ?? unknown;
    add(`${t('cardholders.filter.manager')} ${name}`, 'manager_id');
  }
  add(search.lifecycle && t(`code.lifecycle.${search.lifecycle}`), 'lifecycle');
  add(search.holds_product && t(`code.account_kind.${search.holds_product}`), 'holds_product');
  add(search.gender && t(`code.gender.${search.gender}`), 'gender');
  add(search.occupation, 'occupation');
  const range = (from: unknown, to: unknown): '_range' | '_from' | '_to' =>
    from !== undefined && to !== undefined ? '_range' : from !== undefined ? '_from' : '_to';
  if (age_min !== undefined || age_max !== undefined)
    add(
      t(`cardholders.filter.age${range(age_min, age_max)}`, { from: age_min, to: age_max }),
      'age_min',
      'age_max',
    );
  if (opened_from || opened_to)
    add(
      t(`cardholders.filter.opened${range(opened_from, opened_to)}`, { from: opened_from, to: opened_to }),
      'opened_from',
      'opened_to',
    );
  return chips;
}
