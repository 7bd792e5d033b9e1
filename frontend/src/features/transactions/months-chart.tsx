import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { monthLabel } from '@/lib/dates';
import { compact, compactNumber, exponent, ledger } from '@/lib/money';
import { count } from '@/lib/number';
import { useLang } from '@/lib/prefs';
import { Chart, type Token } from '@/ui/chart';
import { isWithheld } from './flows';
import type { Spending } from './queries';

type Side = 'in' | 'out';

/** Pairs of bars: in beside out, month by month. */
export function MonthsChart({ spending, height }: { spending: Spending; height: number }) {
  const { t } = useTranslation();
  const lang = useLang();
  const option = useCallback(
    (token: Token) => {
      const { currency, months } = spending;
      const withheld = isWithheld(spending);
      const unit = withheld ? 1 : 10 ** exponent(currency);
      const series = (name: string, key: Side, color: string) => ({
        name,
        type: 'bar',
        barMaxWidth: 16,
        barGap: '20%',
        itemStyle: { color, borderRadius: [3, 3, 0, 0] },
        data: months.map((month) =>
          withheld ? month[`${key}_count` as const] : month[`${key}_minor` as const],
        ),
      });
      return {
        grid: { left: 4, right: 4, top: 12, bottom: 2, containLabel: true },
        tooltip: {
          trigger: 'axis',
          confine: true,
          backgroundColor: token('--raised'),
          borderColor: token('--line'),
          textStyle: { color: token('--text'), fontSize: 12, fontFamily: 'inherit' },
          axisPointer: { type: 'shadow', shadowStyle: { color: token('--mute'), opacity: 0.6 } },
          valueFormatter: (value: number) => (withheld ? count(value) : ledger(value, currency)),
        },
        xAxis: {
          type: 'category',
          data: months.map((month) => monthLabel(month.month, lang)),
          axisLine: { lineStyle: { color: token('--line') } },
          axisTick: { show: false },
          axisLabel: { color: token('--text-3'), fontSize: 12, fontFamily: 'inherit', hideOverlap: true },
        },
        yAxis: {
          type: 'value',
          splitNumber: 3,
          axisLabel: {
            color: token('--text-3'),
            fontSize: 12,
            fontFamily: 'inherit',
            formatter: (value: number) => {
              const figure = compactNumber(value / unit, lang);
              return figure.unit ? `${figure.text}${lang === 'zh-CN' ? ' ' : ''}${figure.unit}` : figure.text;
            },
          },
          splitLine: { lineStyle: { color: token('--line-2') } },
        },
        series: [
          series(t('transactions.spending.in'), 'in', token('--ok')),
          series(t('transactions.spending.out'), 'out', token('--primary-fill')),
        ],
      };
    },
    [spending, lang, t],
  );
  const total = (side: Side) => {
    const sum = (field: `${Side}_minor` | `${Side}_count`) =>
      spending.months.reduce((all, month) => all + (month[field] ?? 0), 0);
    return isWithheld(spending)
      ? t('transactions.spending.times', { n: count(sum(`${side}_count`)) })
      : compact(sum(`${side}_minor`), spending.currency, lang);
  };
  return (
    <figure>
      <figcaption className="chart-legend num">
        <span className="is-in">
          {t('transactions.spending.in')} {total('in')}
        </span>
        <span className="is-out">
          {t('transactions.spending.out')} {total('out')}
        </span>
      </figcaption>
      <Chart
        label={t('transactions.spending.chart_label', { n: spending.months.length })}
        height={height - 24}
        option={option}
      />
    </figure>
  );
}
