import { useInfiniteQuery } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { dateTimeSeconds } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Pill } from '@/ui/pill';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { OUTCOME_TONES } from './outcome';
import { type AccessLogLine, accessLogQuery } from './queries';

/** Who looked at this cardholder or changed something of theirs, when and why. */
export function AccessLog({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const pages = useInfiniteQuery(accessLogQuery(cardholder_id));
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const say = useSay();
  const columns = useColumns();
  if (pages.isPending) return <RowsSkeleton rows={6} />;
  if (pages.isError && rows.length === 0)
    return <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />;
  if (rows.length === 0) return <Empty icon={Eye} title={t('system.access_log.empty')} is_small />;
  return (
    <>
      {mobile ? (
        <ul className="card-list">
          {rows.map((row) => (
            <li key={row.audit_id}>
              <div>
                <span className="row">
                  <b className="grow">{say.action(row)}</b>
                  <Outcome row={row} />
                </span>
                <span className="card-note muted">
                  <span className="num">{dateTimeSeconds(row.occurred_at)}</span> · {say.who(row)} ·{' '}
                  {say.why(row)}
                </span>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <DataTable
          label={t('system.access_log.title')}
          rows={rows}
          rowKey={(row) => row.audit_id}
          columns={columns}
        />
      )}
      <ListEnd pages={pages} shown={rows.length} />
    </>
  );
}

function Outcome({ row }: { row: AccessLogLine }) {
  const { t } = useTranslation();
  return (
    <Pill tone={OUTCOME_TONES[row.outcome]} has_dot>
      {t(`code.outcome.${row.outcome}`)}
    </Pill>
  );
}

function useSay() {
  const { t } = useTranslation();
  const name = useCode();
  return {
    action: (row: AccessLogLine) => name('system.audit.actions', row.action),
    who: (row: AccessLogLine) =>
      row.staff_no
        ? `${row.staff_name ?? ''} ${row.staff_no}`.trim()
        : t(`code.actor_kind.${row.actor_kind}`),
    why: (row: AccessLogLine) => (row.purpose ? name('system.access_log.purposes', row.purpose) : '—'),
  };
}

function useColumns(): Column<AccessLogLine>[] {
  const { t } = useTranslation();
  const name = useCode();
  const say = useSay();
  const label = 'system.access_log' as const;
  return [
    {
      key: 'at',
      title: t(`${label}.when`),
      width: 160,
      cell: (row) => <span className="num">{dateTimeSeconds(row.occurred_at)}</span>,
    },
    {
      key: 'who',
      title: t(`${label}.who`),
      width: 190,
      cell: (row) => (
        <>
          {say.who(row)} <span className="muted">{row.role && name('role', row.role)}</span>
        </>
      ),
    },
    { key: 'branch', title: t(`${label}.branch`), width: 120, cell: (row) => row.branch_name ?? '—' },
    { key: 'what', title: t(`${label}.what`), cell: say.action },
    { key: 'why', title: t(`${label}.why`), width: 100, cell: say.why },
    { key: 'outcome', title: t(`${label}.outcome`), width: 100, cell: (row) => <Outcome row={row} /> },
  ];
}
