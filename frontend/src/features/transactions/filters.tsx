import { Button, Drawer, Popover, Select } from 'antd';
import { ListFilter, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMobile } from '@/lib/use-media';
import { DateRange } from '@/ui/date-range';
import { CodeSelect } from '@/ui/pickers';
import { KINDS, MCC_GROUPS, type TransactionSearch } from './filter';

const RareFilters = lazy(() => import('./rare-filters').then((module) => ({ default: module.RareFilters })));

export interface AccountOption {
  account_id: string;
  label: string;
  currency: string;
}

export interface FiltersProps {
  search: TransactionSearch;
  onChange: (patch: Partial<TransactionSearch>) => void;
  onClear: () => void;
  accounts: AccountOption[];
  /** Who may not see amounts may not look for them either. */
  sees_amounts: boolean;
  /** What else may be done with the list. */
  extra?: ReactNode;
}

export function TransactionFilters(props: FiltersProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const [sheet, setSheet] = useState(false);
  const { search, onClear } = props;
  const isFiltered = Object.keys(search).length > 0;
  if (mobile) {
    return (
      <div className="toolbar">
        <Button
          icon={<ListFilter size={15} />}
          type={isFiltered ? 'primary' : 'default'}
          onClick={() => setSheet(true)}
          block
        >
          {t('common.filters')}
        </Button>
        {props.extra}
        <Drawer
          open={sheet}
          onClose={() => setSheet(false)}
          placement="bottom"
          size="large"
          title={t('common.filters')}
          extra={
            <Button type="primary" onClick={() => setSheet(false)}>
              {t('common.apply')}
            </Button>
          }
        >
          <div className="transaction-filters is-sheet">
            <MainFilters {...props} />
            <Suspense>
              <RareFilters {...props} />
            </Suspense>
            <Button onClick={onClear} disabled={!isFiltered}>
              {t('common.clear_filters')}
            </Button>
          </div>
        </Drawer>
      </div>
    );
  }
  return (
    <search className="toolbar transaction-filters">
      <MainFilters {...props} />
      <Popover
        trigger="click"
        placement="bottomRight"
        arrow={false}
        content={
          <div className="transaction-filters is-popover">
            <Suspense>
              <RareFilters {...props} />
            </Suspense>
          </div>
        }
      >
        <Button type="text" icon={<ListFilter size={15} />}>
          {t('common.more_filters')}
        </Button>
      </Popover>
      {isFiltered && (
        <Button
          type="text"
          icon={<X size={15} />}
          aria-label={t('common.clear_filters')}
          title={t('common.clear_filters')}
          onClick={onClear}
        />
      )}
      {props.extra}
    </search>
  );
}

function MainFilters({ search, onChange, accounts }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <>
      <DateRange
        label={t('transactions.filter.period')}
        value={{ from: search.day_from, to: search.day_to }}
        onChange={({ from, to }) => onChange({ day_from: from, day_to: to })}
        width={232}
      />
      {accounts.length > 1 && (
        <Select
          allowClear
          aria-label={t('transactions.filter.account')}
          placeholder={t('transactions.filter.account')}
          popupMatchSelectWidth={false}
          options={accounts.map(({ account_id, label }) => ({ value: account_id, label }))}
          value={search.account_id}
          onChange={(account_id) => onChange({ account_id })}
          style={{ width: 140 }}
        />
      )}
      <CodeSelect
        aria-label={t('transactions.filter.kind')}
        placeholder={t('transactions.filter.kind')}
        values={KINDS}
        name={(kind) => t(`code.transaction_kind.${kind}`)}
        value={search.kind}
        onChange={(kind) => onChange({ kind })}
        style={{ width: 106 }}
      />
      <CodeSelect
        aria-label={t('transactions.filter.group')}
        placeholder={t('transactions.filter.group')}
        values={MCC_GROUPS}
        name={(group) => t(`code.mcc_group.${group}`)}
        value={search.mcc_group}
        onChange={(mcc_group) => onChange({ mcc_group })}
        style={{ width: 106 }}
      />
    </>
  );
}
