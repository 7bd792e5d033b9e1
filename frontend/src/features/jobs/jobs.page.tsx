import './jobs.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime, duration } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { useLang } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { CodeSelect } from '@/ui/pickers';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { JobDetail } from './job-detail';
import { JobPill, Progress } from './progress';
import { isLive, type Job, jobsQuery } from './queries';
import { JOB_STATUSES, type JobsSearch } from './routes';
import { jobTook } from './took';

const route = getRouteApi('/shell/jobs');

export function JobsPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const search = route.useSearch();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(jobsQuery(search.status));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const go = useCallback(
    (patch: JobsSearch) => void navigate({ to: '/jobs', search: { ...search, ...patch }, replace: true }),
    [navigate, search],
  );
  const open = useCallback((job: Job) => go({ job: job.job_id }), [go]);
  const columns = useJobColumns(open);
  return (
    <Page
      title={t('system.jobs.title')}
      subtitle={rows.some(isLive) ? t('system.jobs.subtitle') : t('system.jobs.subtitle_idle')}
      shape={mobile ? undefined : 'fill'}
    >
      <section className="card list-card">
        <search className="toolbar">
          <CodeSelect
            aria-label={t('system.jobs.status')}
            placeholder={t('system.jobs.all_statuses')}
            values={JOB_STATUSES}
            name={(status) => t(`code.job_status.${status}`)}
            value={search.status}
            onChange={(status) => go({ status })}
            style={{ width: 140 }}
          />
        </search>
        {pages.isPending ? (
          <RowsSkeleton />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            icon={ListChecks}
            title={search.status ? t('system.jobs.empty_filtered') : t('system.jobs.empty')}
            hint={search.status ? undefined : t('system.jobs.empty_hint')}
          />
        ) : mobile ? (
          <JobCards rows={rows} onOpen={open} />
        ) : (
          <DataTable
            label={t('system.jobs.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.job_id}
            onOpen={open}
            is_fill
          />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
      </section>
      {search.job && <JobDetail job_id={search.job} onClose={() => go({ job: undefined })} />}
    </Page>
  );
}

function useJobColumns(onOpen: (job: Job) => void): Column<Job>[] {
  const { t } = useTranslation();
  const lang = useLang();
  const name = useCode();
  return [
    {
      key: 'kind',
      title: t('system.jobs.kind'),
      cell: (row) => (
        <button type="button" className="plain-link" onClick={() => onOpen(row)}>
          {name('system.jobs.kinds', row.kind)}
        </button>
      ),
    },
    { key: 'status', title: t('system.jobs.status'), width: 120, cell: (row) => <JobPill job={row} /> },
    { key: 'progress', title: t('system.jobs.progress'), width: 210, cell: (row) => <Progress job={row} /> },
    {
      key: 'created',
      title: t('system.jobs.created_at'),
      width: 150,
      cell: (row) => <span className="num">{dateTime(row.created_at)}</span>,
    },
    {
      key: 'took',
      title: t('system.jobs.took'),
      width: 120,
      is_end: true,
      cell: (row) => {
        const ms = jobTook(row);
        return <span className="num">{ms === null ? '—' : duration(ms, lang)}</span>;
      },
    },
    {
      key: 'attempts',
      title: t('system.jobs.attempts'),
      width: 90,
      is_end: true,
      cell: (row) => (
        <span className="num">
          {t('system.jobs.attempts_of', { n: row.attempts, max: row.attempts_max })}
        </span>
      ),
    },
    {
      key: 'error',
      title: t('system.jobs.error'),
      width: 200,
      cell: (row) => row.error_code ?? <span className="muted">—</span>,
    },
  ];
}

function JobCards({ rows, onOpen }: { rows: Job[]; onOpen: (job: Job) => void }) {
  const name = useCode();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.job_id}>
          <button type="button" onClick={() => onOpen(row)}>
            <span className="row">
              <b className="grow">{name('system.jobs.kinds', row.kind)}</b>
              <JobPill job={row} />
            </span>
            <span className="row card-note muted num">
              {dateTime(row.created_at)}
              <span className="grow">
                <Progress job={row} />
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
