import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { count, percent } from '@/lib/number';
import { exact, shareOf } from './figures';
import type { Statistics, StatisticsGroup } from './queries';

interface FigureTableProps {
  statistics: Statistics;
  name: (group: StatisticsGroup) => string;
}

/** The figures to the last digit, each with the rows behind it. */
export function FigureTable({ statistics, name }: FigureTableProps) {
  const { t } = useTranslation();
  const { measure, by, groups, total } = statistics;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keys
    <section className="figure-scroll" tabIndex={0} aria-label={t('statistics.figures')}>
      <table className="figure-table" aria-label={t('statistics.title')}>
        <thead>
          <tr>
            <th scope="col">{t(`statistics.dimensions.${by}`)}</th>
            <th scope="col">{t(`statistics.measures.${measure}`)}</th>
            <th scope="col">{t('statistics.share')}</th>
            <th scope="col">{t('statistics.row_count')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Line key={group.key} group={group} statistics={statistics} name={name(group)} />
          ))}
        </tbody>
        <tfoot>
          <Line
            group={total}
            statistics={statistics}
            name={t('statistics.total')}
            hint={measure === 'cardholders' && by === 'product' ? t('statistics.total_hint') : undefined}
          />
        </tfoot>
      </table>
    </section>
  );
}

interface LineProps {
  group: StatisticsGroup;
  statistics: Statistics;
  name: string;
  hint?: string;
}

function Line({ group, statistics, name, hint }: LineProps) {
  const { t } = useTranslation();
  const share = shareOf(group, statistics);
  const kept = t('statistics.suppressed', { n: statistics.people_min });
  return (
    <tr>
      <td title={hint}>{name}</td>
      {group.value === null ? (
        <td colSpan={3}>
          <span className="withheld" title={kept}>
            <Lock size={13} aria-hidden />
            <span>{t('statistics.suppressed_short')}</span>
            <span className="sr-only">{kept}</span>
          </span>
        </td>
      ) : (
        <>
          <td className="num">{exact(group.value, statistics)}</td>
          <td className="num">{share === null ? '—' : percent(share, 1)}</td>
          <td className="num">
            {t(`statistics.rows.${statistics.measure}`, { n: count(group.row_count ?? 0) })}
          </td>
        </>
      )}
    </tr>
  );
}
