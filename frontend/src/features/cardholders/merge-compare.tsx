import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@/lib/number';
import { Money } from '@/ui/money';
import { Pill } from '@/ui/pill';
import { Withheld } from '@/ui/withheld';
import { useFieldName, useFieldValue } from './change-text';
import type { Preview } from './merge-queries';
import type { Cardholder } from './queries';

const FIELDS = [
  'name',
  'name_pinyin',
  'gender',
  'birth_on',
  'id_kind',
  'national_id_masked',
  'nationality',
  'occupation',
  'employer',
  'education',
  'marital_status',
  'yearly_income_minor',
  'branch_id',
  'manager_id',
  'lifecycle',
  'opened_on',
] as const;

type Field = (typeof FIELDS)[number];

const HOLDINGS = [
  'records',
  'accounts',
  'cards',
  'loans',
  'standing_orders',
  'transactions',
  'statements',
  'repayments',
  'phones',
  'emails',
  'addresses',
] as const;

interface Compared {
  survivor: Cardholder;
  absorbed: Cardholder;
  preview: Preview;
}

/** Both profiles, field by field; what is on neither is left out. */
export function MergeFields({ survivor, absorbed, preview }: Compared) {
  const { t } = useTranslation();
  const fieldName = useFieldName();
  const shown = useShown();
  const isKnown = (field: Field) =>
    [survivor, absorbed].some((of) => of[field] !== null || of.withheld.includes(field));
  return (
    <div className="merge-scroll">
      <table className="merge-table">
        <thead>
          <tr>
            <th scope="col">{t('merges.field')}</th>
            <Side of={survivor} label={t('merges.survivor')} is_kept />
            <Side of={absorbed} label={t('merges.absorbed')} />
          </tr>
        </thead>
        <tbody>
          {FIELDS.filter(isKnown).map((field) => {
            const differs = preview.differing.includes(field);
            return (
              <tr key={field} className={differs ? 'is-differing' : undefined}>
                <th scope="row">
                  {fieldName(field)} {differs && <Pill tone="warn">{t('merges.differs')}</Pill>}
                </th>
                <td>{shown(survivor, field)}</td>
                <td>{shown(absorbed, field)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Side({ of, label, is_kept = false }: { of: Cardholder; label: string; is_kept?: boolean }) {
  return (
    <th scope="col">
      <Pill tone={is_kept ? 'primary' : 'plain'}>{label}</Pill>{' '}
      <Link
        className="link num"
        to="/cardholders/$cardholder_id"
        params={{ cardholder_id: of.cardholder_id }}
      >
        {of.customer_no}
      </Link>
    </th>
  );
}

function useShown(): (of: Cardholder, field: Field) => ReactNode {
  const value = useFieldValue();
  return (of, field) => {
    if (of.withheld.includes(field)) return <Withheld />;
    const stored = of[field];
    if (stored === null) return '—';
    if (field === 'yearly_income_minor')
      return <Money minor={of.yearly_income_minor} currency={of.yearly_income_currency ?? 'CNY'} />;
    if (field === 'branch_id') return of.branch_name;
    if (field === 'manager_id') return of.manager_name;
    return value(field, String(stored));
  };
}

/** How much hangs on each record, and on both. */
export function MergeEffect({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const sides = [preview.survivor, preview.absorbed, preview.together] as const;
  const currencies = preview.together.balances.map(({ currency }) => currency);
  const balance = (side: Preview['together'], currency: string) =>
    side.balances.find((line) => line.currency === currency)?.balance_minor ?? 0;
  return (
    <div className="merge-scroll">
      <table className="merge-table is-figures">
        <thead>
          <tr>
            <th scope="col">{t('merges.field')}</th>
            <th scope="col">{t('merges.survivor')}</th>
            <th scope="col">{t('merges.absorbed')}</th>
            <th scope="col">{t('merges.together')}</th>
          </tr>
        </thead>
        <tbody>
          {HOLDINGS.filter((what) => preview.together[what] > 0).map((what) => (
            <tr key={what}>
              <th scope="row">{t(`merges.holding.${what}`)}</th>
              {sides.map((side, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change places
                <td key={at} className="num">
                  {count(side[what])}
                </td>
              ))}
            </tr>
          ))}
          {currencies.map((currency) => (
            <tr key={currency}>
              <th scope="row">{t('merges.balance', { currency })}</th>
              {sides.map((side, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change places
                <td key={at}>
                  <Money minor={balance(side, currency)} currency={currency} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
