import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { ScrollText, ShieldCheck } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTimeSeconds, dayOf } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ExportLink } from '@/ui/export-link';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { Pill } from '@/ui/pill';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { AuditDetail } from './audit-detail';
import { AuditFilters } from './audit-filters';
import { OUTCOME_TONES } from './outcome';
import { type AuditEntry, auditFilter, auditQuery } from './queries';
import type { AuditSearch } from './routes';
import './audit.css';

const VerifyDrawer = lazy(() =>
  import('./verify-drawer').then((module) => ({ default: module.VerifyDrawer })),
);
const route = getRouteApi('/shell/audit');

export function AuditPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const [verifying, setVerifying] = useState(false);
  const pages = useInfiniteQuery(auditQuery(search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const columns = useAuditColumns(setOpened);
  const go = (next: AuditSearch) => void navigate({ to: '/audit', search: next, replace: true });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return (
    <Page
      title={t('system.audit.title')}
      subtitle={t('system.audit.subtitle')}
      shape={mobile ? undefined : 'fill'}
      actions={
        <>
          <ExportLink list="audit_entries" query={auditFilter(search)} />
          <Button icon={<ShieldCheck size={15} />} onClick={() => setVerifying(true)}>
            {t('system.audit.verify.title')}
          </Button>
        </>
      }
    >
      <section className="card list-card">
        <AuditFilters search={search} onChange={go} />
        {pages.isPending ? (
          <RowsSkeleton rows={14} />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={ScrollText} title={t('system.audit.empty')} hint={t('system.audit.empty_hint')} />
        ) : mobile ? (
          <AuditCards rows={rows} onOpen={setOpened} />
        ) : (
          <DataTable
            label={t('system.audit.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.audit_id}
            onOpen={setOpened}
            onNearEnd={nearEnd}
            is_fill
            is_stale={pages.isPlaceholderData}
          />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
      </section>
      <AuditDetail entry={opened} onClose={() => setOpened(null)} onFilter={go} />
      {verifying && (
        <Suspense>
          <VerifyDrawer
            onClose={() => setVerifying(false)}
            onShow={({ from, to }) => {
              go({ day_from: dayOf(from), day_to: dayOf(to) });
              setVerifying(false);
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}

function useWho(): (entry: AuditEntry) => string {
  const { t } = useTranslation();
  return (entry) => entry.staff_no ?? t(`code.actor_kind.${entry.actor_kind}`);
}

function useAuditColumns(onOpen: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  const { t } = useTranslation();
  const name = useCode();
  const who = useWho();
  return [
    {
      key: 'time',
      title: t('system.audit.occurred_at'),
      width: 184,
      cell: (row) => <span className="num">{dateTimeSeconds(row.occurred_at)}</span>,
    },
    {
      key: 'who',
      title: t('system.audit.who'),
      width: 96,
      cell: (row) => <span className="num">{who(row)}</span>,
    },
    { key: 'role', title: t('system.audit.role'), width: 128, cell: (row) => name('role', row.role) },
    {
      key: 'action',
      title: t('system.audit.action'),
      cell: (row) => (
        <button type="button" className="plain-link" onClick={() => onOpen(row)}>
          {name('system.audit.actions', row.action)}
        </button>
      ),
    },
    {
      key: 'outcome',
      title: t('system.audit.outcome'),
      width: 104,
      cell: (row) => (
        <Pill tone={OUTCOME_TONES[row.outcome]} has_dot>
          {t(`code.outcome.${row.outcome}`)}
        </Pill>
      ),
    },
    {
      key: 'object',
      title: t('system.audit.object'),
      width: 130,
      cell: (row) => name('system.audit.objects', row.object_kind),
    },
    {
      key: 'ip',
      title: t('system.audit.ip'),
      width: 130,
      cell: (row) => <span className="num">{row.ip ?? '—'}</span>,
    },
  ];
}

function AuditCards({ rows, onOpen }: { rows: AuditEntry[]; onOpen: (entry: AuditEntry) => void }) {
  const { t } = useTranslation();
  const name = useCode();
  const who = useWho();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.audit_id}>
          <button type="button" onClick={() => onOpen(row)}>
            <span className="row">
              <b className="grow">{name('system.audit.actions', row.action)}</b>
              <Pill tone={OUTCOME_TONES[row.outcome]} has_dot>
                {t(`code.outcome.${row.outcome}`)}
              </Pill>
            </span>
            <span className="card-note muted num">
              {dateTimeSeconds(row.occurred_at)} · {who(row)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
