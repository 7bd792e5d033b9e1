import './imports.css';
import '@/ui/data-table.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { FileInput } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page, Panel } from '@/ui/page';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { Drop } from './drop';
import { type Import, importsQuery, isLive } from './queries';
import { RunBar, StatePill, useCounts } from './state';

/** Where files come in, and what became of those that came before. */
export function ImportsPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(importsQuery);
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const columns = useColumns();
  const open = ({ import_id }: Import) => void navigate({ to: '/imports/$import_id', params: { import_id } });
  return (
    <Page title={t('imports.title')} subtitle={t('imports.subtitle')}>
      <div className="stack">
        <Drop />
        <Panel title={t('imports.history')} is_flush>
          {pages.isPending ? (
            <RowsSkeleton />
          ) : pages.isError && rows.length === 0 ? (
            <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
          ) : rows.length === 0 ? (
            <Empty icon={FileInput} title={t('imports.empty')} hint={t('imports.empty_hint')} />
          ) : mobile ? (
            <Cards rows={rows} />
          ) : (
            <DataTable
              label={t('imports.history')}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.import_id}
              onOpen={open}
            />
          )}
          {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
        </Panel>
      </div>
    </Page>
  );
}

function useColumns(): Column<Import>[] {
  const { t } = useTranslation();
  const counts = useCounts();
  return [
    {
      key: 'file',
      title: t('imports.file'),
      cell: (row) => (
        <Link className="plain-link" to="/imports/$import_id" params={{ import_id: row.import_id }}>
          {row.file_name}
        </Link>
      ),
    },
    {
      key: 'kind',
      title: t('imports.kind_label'),
      width: 110,
      cell: (row) => t(`imports.kind.${row.kind}`),
    },
    { key: 'state', title: t('imports.state'), width: 130, cell: (row) => <StatePill one={row} /> },
    {
      key: 'result',
      title: t('imports.result'),
      width: 280,
      cell: (row) => (isLive(row) ? <RunBar one={row} /> : <span className="num">{counts(row)}</span>),
    },
    {
      key: 'created',
      title: t('imports.created_at'),
      width: 150,
      cell: (row) => <span className="num">{dateTime(row.created_at)}</span>,
    },
  ];
}

function Cards({ rows }: { rows: Import[] }) {
  const { t } = useTranslation();
  const counts = useCounts();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.import_id}>
          <Link to="/imports/$import_id" params={{ import_id: row.import_id }}>
            <span className="row">
              <b className="grow import-name">{row.file_name}</b>
              <StatePill one={row} />
            </span>
            <span className="row card-note muted num">
              {t(`imports.kind.${row.kind}`)} · {dateTime(row.created_at)}
            </span>
            <span className="card-note num">{isLive(row) ? <RunBar one={row} /> : counts(row)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
