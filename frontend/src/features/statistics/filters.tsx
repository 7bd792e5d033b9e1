import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Select } from 'antd';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { productsQuery } from '@/api/reference';
import { useCan } from '@/api/session';
import { useLang } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { DateRange } from '@/ui/date-range';
import { BranchSelect } from '@/ui/pickers';
import { DIMENSIONS, MEASURES, type Measure } from './codes';
import type { StatisticsFilter } from './queries';
import type { StatisticsSearch } from './routes';

interface FiltersProps {
  filter: StatisticsFilter;
  currencies: string[];
  currency: string | null;
  /** Closed for whoever does not see the rows. */
  may_narrow: boolean;
  onChange: (patch: StatisticsSearch) => void;
}

const NARROWING = ['branch_id', 'product_code', 'month_from', 'month_to'] as const;

export function Filters({ filter, currencies, currency, may_narrow, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const measures = {
    options: MEASURES.map((value) => ({ value, label: t(`statistics.measures.${value}`) })),
    value: filter.measure,
    onChange: (measure: Measure) => onChange({ measure, currency: undefined }),
  };
  const isNarrowed = NARROWING.some((name) => filter[name]);
  const clear = () => onChange(Object.fromEntries(NARROWING.map((name) => [name, undefined])));
  return (
    <search className="toolbar">
      {mobile ? (
        <Select aria-label={t('statistics.measure')} style={{ flex: '1 1 100%' }} {...measures} />
      ) : (
        <Segmented aria-label={t('statistics.measure')} {...measures} />
      )}
      <Segmented
        aria-label={t('statistics.by')}
        options={DIMENSIONS.map((value) => ({ value, label: t(`statistics.dimensions.${value}`) }))}
        value={filter.by}
        onChange={(by) => onChange({ by })}
      />
      {(may_narrow || isNarrowed) && (
        <>
          <BranchSelect
            aria-label={t('statistics.branch')}
            placeholder={t('statistics.branch')}
            value={filter.branch_id}
            onChange={(branch_id) => onChange({ branch_id })}
            style={{ width: 160 }}
          />
          <ProductSelect
            value={filter.product_code}
            onChange={(product_code) => onChange({ product_code })}
          />
          <DateRange
            label={t('statistics.period')}
            value={{ from: filter.month_from, to: filter.month_to }}
            onChange={({ from, to }) => onChange({ month_from: from, month_to: to })}
          />
        </>
      )}
      {currencies.length > 1 && (
        <Select
          aria-label={t('statistics.currency')}
          options={currencies.map((value) => ({ value, label: value }))}
          value={currency ?? undefined}
          onChange={(chosen: string) => onChange({ currency: chosen })}
          style={{ width: 88 }}
        />
      )}
      {isNarrowed && (
        <Button type="text" icon={<X size={15} />} onClick={clear}>
          {t('common.clear_filters')}
        </Button>
      )}
    </search>
  );
}

function ProductSelect({
  value,
  onChange,
}: {
  value?: string;
  onChange: (product_code: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const lang = useLang();
  const mayRead = useCan('accounts:read');
  const { data, isPending } = useQuery({ ...productsQuery, enabled: mayRead });
  // Cards are no accounts, so that nothing is kept by their products.
  const options = (data ?? [])
    .filter((product) => product.kind !== 'debit_card')
    .map((product) => ({
      value: product.product_code,
      label: lang === 'zh-CN' ? product.name_zh : product.name_en,
    }));
  return (
    <Select<string>
      allowClear
      aria-label={t('statistics.product')}
      placeholder={t('statistics.product')}
      popupMatchSelectWidth={false}
      loading={mayRead && isPending}
      options={options}
      value={value}
      onChange={onChange}
      style={{ width: 140 }}
    />
  );
}
