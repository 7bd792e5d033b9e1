import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { monthLabel } from '@/lib/dates';
import { useLang } from '@/lib/prefs';
import { Chart, type Token } from '@/ui/chart';
import { DRAWN_MAX, exact, short } from './figures';
import type { Statistics, StatisticsGroup } from './queries';

interface FigureChartProps {
  statistics: Statistics;
  name: (group: StatisticsGroup) => string;
}

const HEIGHT = 260;

/** The table's own figures as bars: months beside each other, the largest branches and products first. */
export function FigureChart({ statistics, name }: FigureChartProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const isMonths = statistics.by === 'month';
  const shown = statistics.groups.filter((group) => group.value !== null);
  const drawn = isMonths ? statistics.groups : shown.slice(0, DRAWN_MAX);
  const names = drawn.map((group) => (isMonths ? monthLabel(group.key, lang) : name(group))).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` and `name` are told by the names and the statistics
  const option = useCallback(
    (token: Token) => {
      const text = { color: token('--text-3'), fontSize: 12, fontFamily: 'inherit' };
      return {
        grid: { left: 4, right: 4, top: 12, bottom: 2, containLabel: true },
        tooltip: {
          trigger: 'axis',
          confine: true,
          backgroundColor: token('--raised'),
          borderColor: token('--line'),
          textStyle: { color: token('--text'), fontSize: 12, fontFamily: 'inherit' },
          axisPointer: { type: 'shadow', shadowStyle: { color: token('--mute'), opacity: 0.6 } },
          valueFormatter: (value: number | null) => (value === null ? '—' : exact(value, statistics)),
        },
        xAxis: {
          type: 'category',
          data: names.split('\n'),
          axisLine: { lineStyle: { color: token('--line') } },
          axisTick: { show: false },
          axisLabel: { ...text, hideOverlap: true, width: isMonths ? undefined : 84, overflow: 'truncate' },
        },
        yAxis: {
          type: 'value',
          splitNumber: 3,
          minInterval: statistics.unit === 'count' ? 1 : undefined,
          axisLabel: { ...text, formatter: (value: number) => short(value, statistics, lang) },
          splitLine: { lineStyle: { color: token('--line-2') } },
        },
        series: [
          {
            name: t(`statistics.measures.${statistics.measure}`),
            type: 'bar',
            barMaxWidth: 32,
            itemStyle: { color: token('--primary-fill'), borderRadius: [3, 3, 0, 0] },
            data: drawn.map((group) => group.value),
          },
        ],
      };
    },
    [statistics, names, lang, t],
  );
  return (
    <figure>
      <Chart
        label={t('statistics.chart', {
          measure: t(`statistics.measures.${statistics.measure}`),
          by: t(`statistics.dimensions.${statistics.by}`),
          n: drawn.length,
        })}
        height={HEIGHT}
        option={option}
      />
      {shown.length > drawn.length && (
        <figcaption className="muted">{t('statistics.more_groups', { n: DRAWN_MAX })}</figcaption>
      )}
    </figure>
  );
}
