import './exports.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { ExportActions } from './actions';
import { bytes, readQuery } from './codes';
import { ExportDetail } from './export-detail';
import { type Export, exportsQuery } from './queries';
import { RequestDialog } from './request-dialog';
import type { ExportsSearch } from './routes';
import { Rows, StagePill } from './stage';

const route = getRouteApi('/shell/exports');

export function ExportsPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const search = route.useSearch();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(exportsQuery);
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const go = useCallback(
    (next: ExportsSearch) => void navigate({ to: '/exports', search: next, replace: true }),
    [navigate],
  );
  const open = useCallback((row: Export) => go({ open: row.export_id }), [go]);
  const columns = useExportColumns(open);
  const opened = rows.find((row) => row.export_id === search.open);
  return (
    <Page title={t('exports.title')} subtitle={t('exports.subtitle')} shape={mobile ? undefined : 'fill'}>
      <section className="card list-card">
        {pages.isPending ? (
          <RowsSkeleton />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={Download} title={t('exports.empty')} hint={t('exports.empty_hint')} />
        ) : mobile ? (
          <ExportCards rows={rows} onOpen={open} />
        ) : (
          <DataTable
            label={t('exports.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.export_id}
            onOpen={open}
            is_fill
          />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
      </section>
      {search.list && (
        <RequestDialog
          list={search.list}
          cardholder_id={search.cardholder_id}
          query={readQuery(search.query)}
          onClose={() => go({})}
        />
      )}
      {opened && <ExportDetail row={opened} onClose={() => go({})} />}
    </Page>
  );
}

function useExportColumns(onOpen: (row: Export) => void): Column<Export>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'list',
      title: t('exports.list'),
      cell: (row) => (
        <button type="button" className="plain-link" onClick={() => onOpen(row)}>
          {t(`exports.lists.${row.list}`)}
        </button>
      ),
    },
    { key: 'format', title: t('exports.format'), width: 84, cell: (row) => row.format.toUpperCase() },
    {
      key: 'purpose',
      title: t('exports.purpose'),
      width: 116,
      cell: (row) => t(`exports.purposes.${row.purpose}`),
    },
    { key: 'stage', title: t('exports.stage'), width: 128, cell: (row) => <StagePill row={row} /> },
    { key: 'rows', title: t('exports.rows'), width: 120, is_end: true, cell: (row) => <Rows row={row} /> },
    {
      key: 'size',
      title: t('exports.size'),
      width: 84,
      is_end: true,
      cell: (row) => <span className="num">{row.byte_count === null ? '—' : bytes(row.byte_count)}</span>,
    },
    {
      key: 'created',
      title: t('exports.created_at'),
      width: 144,
      cell: (row) => <span className="num">{dateTime(row.created_at)}</span>,
    },
    {
      key: 'expires',
      title: t('exports.expires_at'),
      width: 144,
      cell: (row) => <span className="num">{row.expires_at ? dateTime(row.expires_at) : '—'}</span>,
    },
    {
      key: 'actions',
      title: t('common.actions'),
      is_untitled: true,
      width: 124,
      is_end: true,
      cell: (row) => <ExportActions row={row} />,
    },
  ];
}

function ExportCards({ rows, onOpen }: { rows: Export[]; onOpen: (row: Export) => void }) {
  const { t } = useTranslation();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.export_id}>
          <button type="button" onClick={() => onOpen(row)}>
            <span className="row">
              <b className="grow">
                {t(`exports.lists.${row.list}`)} · {row.format.toUpperCase()}
              </b>
              <StagePill row={row} />
            </span>
            <span className="row card-note muted num">
              {dateTime(row.created_at)}
              <span className="grow">
                <Rows row={row} />
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
