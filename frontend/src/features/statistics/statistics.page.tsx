import './statistics.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { count } from '@/lib/number';
import { withoutEmpty } from '@/lib/url-state';
import { Empty } from '@/ui/empty';
import { ExportLink } from '@/ui/export-link';
import { Page } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { PanelSkeleton, Skeleton } from '@/ui/skeleton';
import { FigureTable } from './figure-table';
import { exact } from './figures';
import { Filters } from './filters';
import { type Statistics, type StatisticsFilter, statisticsQuery } from './queries';
import type { StatisticsSearch } from './routes';
import { useGroupName } from './use-group-name';

const FigureChart = lazy(() => import('./figure-chart').then((module) => ({ default: module.FigureChart })));
const route = getRouteApi('/shell/statistics');
const CHART_HEIGHT = 260;

export function StatisticsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const filter: StatisticsFilter = { measure: 'cardholders', by: 'branch', ...search };
  const figures = useQuery(statisticsQuery(filter));
  const change = (patch: StatisticsSearch) => {
    const next: StatisticsSearch = withoutEmpty({ ...search, ...patch });
    void navigate({ to: '/statistics', search: next, replace: true });
  };
  return (
    <Page
      title={t('statistics.title')}
      subtitle={t('statistics.subtitle')}
      actions={<ExportLink list="statistics" query={filter} />}
    >
      <section className="card" aria-busy={figures.isPlaceholderData}>
        <Filters
          filter={filter}
          currencies={figures.data?.currencies ?? []}
          currency={figures.data?.currency ?? null}
          may_narrow={figures.data?.may_narrow ?? false}
          onChange={change}
        />
        <QueryState query={figures} skeleton={<PanelSkeleton />} is_small={false}>
          {(statistics) => <Figures statistics={statistics} />}
        </QueryState>
      </section>
    </Page>
  );
}

function Figures({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation();
  const name = useGroupName(statistics.by);
  if (statistics.as_of === null) return <Empty icon={ChartColumn} title={t('statistics.never')} />;
  return (
    <>
      <Head statistics={statistics} />
      {!statistics.may_narrow && (
        <p className="banner figure-note">{t('statistics.small_groups', { n: statistics.people_min })}</p>
      )}
      {statistics.groups.length === 0 ? (
        <Empty icon={ChartColumn} title={t('statistics.empty')} hint={t('statistics.empty_hint')} />
      ) : (
        <div className="figure-body">
          <Suspense fallback={<Skeleton width="100%" height={CHART_HEIGHT} />}>
            <FigureChart statistics={statistics} name={name} />
          </Suspense>
          <FigureTable statistics={statistics} name={name} />
        </div>
      )}
    </>
  );
}

/** The total, when it was added up, from how many rows, over which months. */
function Head({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation();
  const { total, measure, by, as_of, month_from, month_to } = statistics;
  const isPeriod = month_from !== null || month_to !== null;
  return (
    <div className="figure-head">
      <span>{t(`statistics.measures.${measure}`)}</span>
      <b className="num">
        {total.value === null ? t('statistics.suppressed_short') : exact(total.value, statistics)}
      </b>
      {total.row_count !== null && (
        <small className="num">
          {t('statistics.n', { rows: t(`statistics.rows.${measure}`, { n: count(total.row_count) }) })}
        </small>
      )}
      <small className="num">{t('statistics.as_of', { at: dateTime(as_of ?? '') })}</small>
      {isPeriod && (
        <small className="num">
          {t('statistics.period_of', { from: month_from ?? '…', to: month_to ?? '…' })}
        </small>
      )}
      {(isPeriod || by === 'month') && <small>{t(`statistics.month_meaning.${measure}`)}</small>}
    </div>
  );
}
