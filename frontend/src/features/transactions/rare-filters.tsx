import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { exponent, ledger } from '@/lib/money';
import { CodeSelect } from '@/ui/pickers';
import { CHANNELS, DIRECTIONS } from './filter';
import type { FiltersProps } from './filters';

/** What is seldom asked for: direction, channel and amounts. */
export function RareFilters({ search, onChange, accounts, sees_amounts }: FiltersProps) {
  const { t } = useTranslation();
  const account = accounts.find(({ account_id }) => account_id === search.account_id) ?? accounts[0];
  const currency = account?.currency ?? 'CNY';
  const unit = 10 ** exponent(currency);
  const amount = (key: 'amount_min_minor' | 'amount_max_minor', label: string) => {
    const minor = search[key];
    return (
      <InputNumber
        aria-label={label}
        placeholder={label}
        min={0}
        precision={exponent(currency)}
        value={minor === undefined || minor === null ? null : minor / unit}
        title={minor === undefined || minor === null ? undefined : ledger(minor, currency)}
        onChange={(value) => onChange({ [key]: value === null ? undefined : Math.round(value * unit) })}
        style={{ width: 118 }}
      />
    );
  };
  return (
    <>
      <CodeSelect
        aria-label={t('transactions.filter.direction')}
        placeholder={t('transactions.filter.direction')}
        values={DIRECTIONS}
        name={(direction) => t(`code.direction.${direction}`)}
        value={search.direction}
        onChange={(direction) => onChange({ direction })}
        style={{ width: 256 }}
      />
      <CodeSelect
        aria-label={t('transactions.filter.channel')}
        placeholder={t('transactions.filter.channel')}
        values={CHANNELS}
        name={(channel) => t(`code.channel.${channel}`)}
        value={search.channel}
        onChange={(channel) => onChange({ channel })}
        style={{ width: 256 }}
      />
      {sees_amounts && (
        <div className="row">
          {amount('amount_min_minor', t('transactions.filter.amount_min'))}
          <span aria-hidden>–</span>
          {amount('amount_max_minor', t('transactions.filter.amount_max'))}
        </div>
      )}
    </>
  );
}
