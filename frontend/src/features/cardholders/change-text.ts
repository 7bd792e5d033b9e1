import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { branchesQuery, managersQuery } from '@/api/reference';
import { useCode } from '@/lib/i18n';
import type { Change } from './queries';

const CODED = ['gender', 'id_kind', 'education', 'marital_status', 'lifecycle'];

/** A change in words: codes by their names, branches and managers by theirs instead of their ids. */
export function useChangeText(): (change: Pick<Change, 'field' | 'before_value' | 'after_value'>) => string {
  const { t } = useTranslation();
  const value = useFieldValue();
  return ({ field, before_value, after_value }) => {
    const before = before_value === null ? null : value(field, before_value);
    const after = after_value === null ? null : value(field, after_value);
    if (field === 'created') return after ?? '';
    if (before !== null && before === after) return t('cardholders.change.behind_mask', { after });
    if (before !== null && after !== null) return t('cardholders.change.from_to', { before, after });
    if (after !== null) return t('cardholders.change.set', { after });
    return t('cardholders.change.cleared', { before: before ?? '—' });
  };
}

export function useFieldValue(): (field: string, value: string) => string {
  const code = useCode();
  const branches = useQuery(branchesQuery).data;
  const managers = useQuery(managersQuery()).data;
  return (field, value) => {
    if (CODED.includes(field)) return code(field, value);
    if (field === 'branch_id') return branches?.find((branch) => branch.branch_id === value)?.name ?? value;
    if (field === 'manager_id') return managers?.find((manager) => manager.staff_id === value)?.name ?? value;
    return value;
  };
}

/** A column's label; parts of a contact (`phone.mobile`) by the contact's. */
export function useFieldName(): (field: string) => string {
  const { t, i18n } = useTranslation();
  return (field) => {
    const name = field.split('.')[0] ?? field;
    const key = `cardholders.field.${name}`;
    return i18n.exists(key) ? (t as (key: string) => string)(key) : field;
  };
}
