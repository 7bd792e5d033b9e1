import '@/ui/data-table.css';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { GrantState, VerdictPill } from './grant-state';
import type { GrantLine } from './queries';

interface GrantsProps {
  rows: GrantLine[];
  /** Whose grants they are needs no saying where all are one's own. */
  is_own: boolean;
  onOpen: (grant: GrantLine) => void;
}

export function Grants(props: GrantsProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const columns = useGrantColumns(props);
  if (mobile) return <GrantCards {...props} />;
  return (
    <DataTable
      label={t('desk.break_glass.title')}
      columns={columns}
      rows={props.rows}
      rowKey={(row) => row.grant_id}
      onOpen={props.onOpen}
      is_fill
    />
  );
}

function useGrantColumns({ is_own, onOpen }: GrantsProps): Column<GrantLine>[] {
  const { t } = useTranslation();
  const label = 'desk.break_glass' as const;
  const who: Column<GrantLine> = {
    key: 'who',
    title: t(`${label}.who`),
    width: 190,
    cell: (row) => (
      <span className="who">
        <span>
          <b>{row.staff_name ?? '—'}</b>
          <small>{row.staff_branch_name}</small>
        </span>
      </span>
    ),
  };
  return [
    {
      key: 'granted_at',
      title: t(`${label}.granted_at`),
      width: 160,
      cell: (row) => (
        <button type="button" className="plain-link num" onClick={() => onOpen(row)}>
          {dateTime(row.granted_at)}
        </button>
      ),
    },
    ...(is_own ? [] : [who]),
    {
      key: 'customer_no',
      title: t(`${label}.customer_no`),
      width: 124,
      cell: (row) => <span className="num">{row.customer_no ?? '—'}</span>,
    },
    { key: 'branch', title: t(`${label}.branch`), width: 150, cell: (row) => row.branch_name },
    { key: 'reason', title: t(`${label}.reason`), cell: (row) => t(`code.break_glass_reason.${row.reason}`) },
    { key: 'state', title: t(`${label}.state`), width: 160, cell: (row) => <GrantState grant={row} /> },
    {
      key: 'verdict',
      title: t(`${label}.verdict`),
      width: 118,
      cell: (row) => <VerdictPill verdict={row.verdict} />,
    },
  ];
}

function GrantCards({ rows, is_own, onOpen }: GrantsProps) {
  const { t } = useTranslation();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.grant_id}>
          <button type="button" onClick={() => onOpen(row)}>
            <span className="row">
              <b className="grow num">{row.customer_no ?? '—'}</b>
              <GrantState grant={row} />
            </span>
            <span className="row card-note">
              <span className="grow">
                {t(`code.break_glass_reason.${row.reason}`)} · {row.branch_name}
              </span>
              <VerdictPill verdict={row.verdict} />
            </span>
            <span className="card-note muted num">
              {dateTime(row.granted_at)}
              {!is_own && ` · ${row.staff_name ?? '—'}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
