import { useInfiniteQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { count } from '@/lib/number';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Pill, type Tone } from '@/ui/pill';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { type Run, runsQuery } from './queries';

const TONES: Record<Run['status'], Tone> = {
  queued: 'plain',
  running: 'primary',
  succeeded: 'ok',
  failed: 'danger',
  cancelled: 'warn',
};

export function RunPill({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <Pill tone={TONES[run.status]} has_dot>
      {t(`code.job_status.${run.status}`)}
    </Pill>
  );
}

/** The runs so far, newest first. */
export function RunList({ onOpen }: { onOpen: (run_id: string) => void }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const pages = useInfiniteQuery(runsQuery);
  const columns = useRunColumns(onOpen);
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  if (pages.isPending) return <RowsSkeleton />;
  if (pages.isError && rows.length === 0)
    return <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />;
  if (rows.length === 0)
    return (
      <Empty icon={CalendarClock} title={t('retention.empty')} hint={t('retention.empty_hint')} is_small />
    );
  return (
    <>
      {mobile ? (
        <RunCards rows={rows} onOpen={onOpen} />
      ) : (
        <DataTable
          label={t('retention.runs')}
          columns={columns}
          rows={rows}
          rowKey={(run) => run.run_id}
          onOpen={(run) => onOpen(run.run_id)}
        />
      )}
      <ListEnd pages={pages} shown={rows.length} />
    </>
  );
}

function useRunColumns(onOpen: (run_id: string) => void): Column<Run>[] {
  const { t } = useTranslation();
  const figure = (key: 'due_count' | 'held_count' | 'deleted_count', title: string): Column<Run> => ({
    key,
    title,
    width: 110,
    is_end: true,
    cell: (run) => (
      <span className="num">{key === 'deleted_count' && run.is_dry_run ? '—' : count(run[key])}</span>
    ),
  });
  return [
    {
      key: 'kind',
      title: t('retention.kind'),
      cell: (run) => (
        <button type="button" className="plain-link" onClick={() => onOpen(run.run_id)}>
          {kindOf(run, t('retention.dry_run'), t('retention.deletion'))}
        </button>
      ),
    },
    { key: 'status', title: t('retention.status'), width: 120, cell: (run) => <RunPill run={run} /> },
    figure('due_count', t('retention.due')),
    figure('held_count', t('retention.held')),
    figure('deleted_count', t('retention.deleted')),
    {
      key: 'who',
      title: t('retention.who'),
      width: 120,
      cell: (run) => run.staff_no ?? <span className="muted">{t('retention.nightly')}</span>,
    },
    {
      key: 'created_at',
      title: t('retention.created_at'),
      width: 150,
      cell: (run) => <span className="num">{dateTime(run.created_at)}</span>,
    },
  ];
}

export const kindOf = (run: Run, counted: string, deleted: string): string =>
  run.is_dry_run ? counted : deleted;

function RunCards({ rows, onOpen }: { rows: Run[]; onOpen: (run_id: string) => void }) {
  const { t } = useTranslation();
  return (
    <ul className="card-list">
      {rows.map((run) => (
        <li key={run.run_id}>
          <button type="button" onClick={() => onOpen(run.run_id)}>
            <span className="row">
              <b className="grow">{kindOf(run, t('retention.dry_run'), t('retention.deletion'))}</b>
              <RunPill run={run} />
            </span>
            <span className="row card-note muted num">
              {dateTime(run.created_at)}
              <span className="grow" />
              {t('retention.sum', { due: count(run.due_count), deleted: count(run.deleted_count) })}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
