import './transactions.css';
import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { monthLabel } from '@/lib/dates';
import { count } from '@/lib/number';
import { useLang } from '@/lib/prefs';
import { BarList } from '@/ui/bar-list';
import { CompactMoney, Money } from '@/ui/money';
import { Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { Skeleton } from '@/ui/skeleton';
import { withShares } from './flows';
import { SPENDING_MONTHS, type Spending, spendingQuery } from './queries';

const MonthsChart = lazy(() => import('./months-chart').then((module) => ({ default: module.MonthsChart })));

const CHART_HEIGHT = 232;
const SHOWN_CATEGORIES = 8;

interface PanelProps {
  cardholder_id: string;
  currency?: string;
}

/** Which months the figures are of. */
function useSpan(spending: Spending | undefined): string {
  const { t } = useTranslation();
  return spending?.is_past
    ? t('transactions.spending.span_until', { n: SPENDING_MONTHS, on: spending.as_of })
    : t('transactions.spending.span', { n: SPENDING_MONTHS });
}

/** Where the money goes. A category opens its transactions. */
export function CategoriesPanel({
  cardholder_id,
  currency,
  onOpen,
}: PanelProps & { onOpen: (group: string) => void }) {
  const { t } = useTranslation();
  const query = useQuery(spendingQuery(cardholder_id, currency));
  return (
    <Panel title={t('transactions.spending.categories')} sub={useSpan(query.data)}>
      <QueryState query={query}>
        {(spending) =>
          spending.categories.length === 0 ? (
            <p className="muted">{t('transactions.spending.categories_empty')}</p>
          ) : (
            <BarList
              onOpen={onOpen}
              items={withShares(spending.categories)
                .slice(0, SHOWN_CATEGORIES)
                .map(({ mcc_group, ...flow }) => ({
                  key: mcc_group,
                  label: mcc_group ? t(`code.mcc_group.${mcc_group}`) : t('transactions.spending.unknown'),
                  value: <FlowFigure flow={flow} currency={spending.currency} />,
                  share: flow.share,
                }))}
            />
          )
        }
      </QueryState>
    </Panel>
  );
}

export function ChannelsPanel({
  cardholder_id,
  currency,
  onOpen,
}: PanelProps & { onOpen: (channel: string) => void }) {
  const { t } = useTranslation();
  const query = useQuery(spendingQuery(cardholder_id, currency));
  return (
    <Panel title={t('transactions.spending.channels')} sub={useSpan(query.data)}>
      <QueryState query={query}>
        {(spending) =>
          spending.channels.length === 0 ? (
            <p className="muted">{t('transactions.spending.channels_empty')}</p>
          ) : (
            <BarList
              onOpen={onOpen}
              items={withShares(spending.channels).map(({ channel, ...flow }) => ({
                key: channel,
                label: channel ? t(`code.channel.${channel}`) : t('transactions.spending.unknown'),
                value: <FlowFigure flow={flow} currency={spending.currency} />,
                share: flow.share,
              }))}
            />
          )
        }
      </QueryState>
    </Panel>
  );
}

/** How much, or for those who may not see that how often. */
function FlowFigure({
  flow,
  currency,
}: {
  flow: { out_minor: number | null; count: number };
  currency: string;
}) {
  const { t } = useTranslation();
  if (flow.out_minor === null) return t('transactions.spending.times', { n: count(flow.count) });
  return <CompactMoney minor={flow.out_minor} currency={currency} />;
}

interface MonthsPanelProps extends PanelProps {
  onCurrency: (currency: string) => void;
}

/** Money in and out by month; the same figures as a table for whoever cannot use the picture. */
export function MonthsPanel({ cardholder_id, currency, onCurrency }: MonthsPanelProps) {
  const { t } = useTranslation();
  const query = useQuery(spendingQuery(cardholder_id, currency));
  const [asTable, setAsTable] = useState(false);
  return (
    <Panel
      title={t('transactions.spending.months')}
      sub={useSpan(query.data)}
      extra={
        <>
          <CurrencySwitch spending={query.data} onCurrency={onCurrency} />
          <button type="button" className="link" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t('transactions.spending.as_table')}
          </button>
        </>
      }
    >
      <QueryState query={query} skeleton={<Skeleton height={CHART_HEIGHT} />}>
        {(spending) =>
          spending.months.every((month) => month.in_count + month.out_count === 0) ? (
            <p className="muted">{t('transactions.spending.months_empty')}</p>
          ) : asTable ? (
            <MonthsTable spending={spending} />
          ) : (
            <Suspense fallback={<Skeleton height={CHART_HEIGHT} />}>
              <MonthsChart spending={spending} height={CHART_HEIGHT} />
            </Suspense>
          )
        }
      </QueryState>
    </Panel>
  );
}

/** Only where money moved in more than one currency. */
function CurrencySwitch({
  spending,
  onCurrency,
}: {
  spending?: Spending;
  onCurrency: (currency: string) => void;
}) {
  const { t } = useTranslation();
  if (!spending || spending.currencies.length < 2) return null;
  return (
    <Segmented
      size="small"
      aria-label={t('transactions.spending.currency')}
      options={spending.currencies}
      value={spending.currency}
      onChange={onCurrency}
    />
  );
}

function MonthsTable({ spending }: { spending: Spending }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <div className="months-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('transactions.spending.month')}</th>
            <th scope="col">{t('transactions.spending.in')}</th>
            <th scope="col">{t('transactions.spending.out')}</th>
          </tr>
        </thead>
        <tbody>
          {spending.months.map((month) => (
            <tr key={month.month}>
              <th scope="row" className="num">
                {month.month.slice(0, 4)} {monthLabel(month.month, lang)}
              </th>
              <td>
                <Money minor={month.in_minor} currency={spending.currency} />
              </td>
              <td>
                <Money minor={month.out_minor} currency={spending.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
