import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { count } from '@/lib/number';
import { useMobile } from '@/lib/use-media';
import { QueryState } from '@/ui/query-state';
import { type RecordColumn, RecordList } from '@/ui/record-list';
import { isLive, type Report, type Result, reportQuery } from './queries';
import { TableName } from './rule-list';
import { kindOf, RunPill } from './run-list';

/** What a run found, table by table. */
export function RunReport({ run_id, onClose }: { run_id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const query = useQuery(reportQuery(run_id));
  return (
    <Drawer
      open
      onClose={onClose}
      title={t('retention.report')}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 640}
    >
      <QueryState query={query}>{(report) => <Body report={report} />}</QueryState>
    </Drawer>
  );
}

function Body({ report: { run, results } }: { report: Report }) {
  const { t } = useTranslation();
  const columns = useResultColumns(run.is_dry_run);
  const facts = [
    [t('retention.kind'), kindOf(run, t('retention.dry_run'), t('retention.deletion'))],
    [t('retention.status'), <RunPill key="status" run={run} />],
    [t('retention.run_on'), run.run_on],
    [t('retention.who'), run.staff_no ?? t('retention.nightly')],
    [t('retention.created_at'), dateTime(run.created_at)],
    [t('retention.finished_at'), run.finished_at ? dateTime(run.finished_at) : '—'],
  ] as const;
  return (
    <div className="stack">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {results.length > 0 ? (
        <RecordList
          label={t('retention.report')}
          columns={columns}
          rows={[...results].sort((a, b) => b.due_count - a.due_count)}
          rowKey={(result) => result.table_name}
        />
      ) : (
        <p className="muted" role="status">
          {t(isLive(run) ? 'retention.counting' : 'retention.nothing_counted')}
        </p>
      )}
    </div>
  );
}

function useResultColumns(is_dry_run: boolean): RecordColumn<Result>[] {
  const { t } = useTranslation();
  const figure = (key: 'due_count' | 'held_count' | 'deleted_count', title: string) => ({
    key,
    title,
    width: 86,
    is_end: true,
    cell: (result: Result) => <span className="num">{count(result[key])}</span>,
  });
  return [
    { key: 'table', title: t('retention.table'), cell: (result) => <TableName table={result.table_name} /> },
    figure('due_count', t('retention.due')),
    figure('held_count', t('retention.held')),
    ...(is_dry_run ? [] : [figure('deleted_count', t('retention.deleted'))]),
    {
      key: 'oldest_on',
      title: t('retention.oldest'),
      width: 116,
      is_end: true,
      cell: (result) => <span className="num">{result.oldest_on ?? '—'}</span>,
    },
  ];
}
