import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { branchesQuery, managersQuery } from '@/api/reference';
import { countryName } from '@/lib/countries';
import { useCode } from '@/lib/i18n';
import { ledger } from '@/lib/money';
import { useLang } from '@/lib/prefs';
import type { PricedChange } from './income-currency';

const CODED = ['gender', 'id_kind', 'education', 'marital_status', 'lifecycle'];

/** A change in words: codes by their names, branches and managers by theirs instead of their ids. */
export function useChangeText(): (change: PricedChange) => string {
  const { t } = useTranslation();
  const value = useFieldValue();
  return ({ field, before_value, after_value, before_currency, after_currency }) => {
    const before = before_value === null ? null : value(field, before_value, before_currency);
    const after = after_value === null ? null : value(field, after_value, after_currency);
    if (field === 'created') return after ?? '';
    if (before !== null && before === after) return t('cardholders.change.behind_mask', { after });
    if (before !== null && after !== null) return t('cardholders.change.from_to', { before, after });
    if (after !== null) return t('cardholders.change.set', { after });
    return t('cardholders.change.cleared', { before: before ?? '—' });
  };
}

/** A stored value as the pages show it; an amount in its currency, by default the bank's own. */
export function useFieldValue(): (field: string, value: string, currency?: string | null) => string {
  const code = useCode();
  const lang = useLang();
  const branches = useQuery(branchesQuery).data;
  const managers = useQuery(managersQuery()).data;
  return (field, value, currency) => {
    if (CODED.includes(field)) return code(field, value);
    if (field === 'yearly_income_minor') return ledger(Number(value), currency ?? 'CNY');
    if (field === 'nationality') return countryName(value, lang);
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
