import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { UserCog, UserPlus } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { branchesQuery } from '@/api/reference';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { useMobile } from '@/lib/use-media';
import { Avatar } from '@/ui/avatar';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { BranchSelect, CodeSelect } from '@/ui/pickers';
import { ProblemState } from '@/ui/problem-alert';
import { SearchInput } from '@/ui/search-input';
import { RowsSkeleton } from '@/ui/skeleton';
import { type Staff, staffQuery } from './queries';
import { ROLES, SEARCH_MAX, type StaffSearch, toStaffFilter } from './search';
import { StaffCards } from './staff-cards';
import { StaffMenu } from './staff-menu';
import { StaffState } from './staff-state';

const StaffDialog = lazy(() => import('./staff-dialog').then((module) => ({ default: module.StaffDialog })));
const route = getRouteApi('/shell/staff');

export function StaffPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const mayWrite = useCan('staff:write');
  const search = route.useSearch();
  const navigate = useNavigate();
  const [editing, setEditing] = useState<Staff | 'new' | null>(null);
  const pages = useInfiniteQuery(staffQuery(toStaffFilter(search)));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const columns = useStaffColumns(setEditing, mayWrite);
  const change = useCallback(
    (patch: StaffSearch) => void navigate({ to: '/staff', search: { ...search, ...patch }, replace: true }),
    [navigate, search],
  );
  const edit = mayWrite ? setEditing : undefined;
  return (
    <Page
      title={t('organisation.staff.title')}
      shape={mobile ? undefined : 'fill'}
      actions={
        mayWrite && (
          <Button type="primary" icon={<UserPlus size={15} />} onClick={() => setEditing('new')}>
            {t('organisation.staff.new')}
          </Button>
        )
      }
    >
      <section className="card list-card">
        <Filters search={search} onChange={change} />
        {pages.isPending ? (
          <RowsSkeleton />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            icon={UserCog}
            title={t('organisation.staff.empty')}
            hint={t('organisation.staff.empty_hint')}
          />
        ) : mobile ? (
          <StaffCards rows={rows} onEdit={edit} />
        ) : (
          <DataTable
            label={t('organisation.staff.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.staff_id}
            onOpen={edit}
            is_fill
            is_stale={pages.isPlaceholderData}
          />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} is_auto={mobile} />}
      </section>
      {editing && (
        <Suspense>
          <StaffDialog staff={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </Page>
  );
}

function Filters({ search, onChange }: { search: StaffSearch; onChange: (patch: StaffSearch) => void }) {
  const { t } = useTranslation();
  return (
    <search className="toolbar">
      <SearchInput
        label={t('organisation.staff.search')}
        value={search.q}
        onSearch={(q) => onChange({ q })}
        max_length={SEARCH_MAX}
        width={220}
      />
      <BranchSelect
        aria-label={t('organisation.staff.branch')}
        placeholder={t('organisation.staff.branch')}
        value={search.branch_id}
        onChange={(branch_id) => onChange({ branch_id })}
        style={{ width: 170 }}
      />
      <CodeSelect
        aria-label={t('organisation.staff.role')}
        placeholder={t('organisation.staff.role')}
        values={ROLES}
        name={(role) => t(`code.role.${role}`)}
        value={search.role}
        onChange={(role) => onChange({ role })}
        style={{ width: 140 }}
      />
      <CodeSelect
        aria-label={t('organisation.staff.state')}
        placeholder={t('organisation.staff.all_states')}
        values={['true', 'false'] as const}
        name={(value) =>
          value === 'true' ? t('organisation.staff.active') : t('organisation.staff.disabled')
        }
        value={search.is_active}
        onChange={(is_active) => onChange({ is_active })}
        style={{ width: 116 }}
      />
    </search>
  );
}

function useStaffColumns(onEdit: (staff: Staff) => void, mayWrite: boolean): Column<Staff>[] {
  const { t } = useTranslation();
  const branches = useQuery(branchesQuery).data;
  return useMemo(() => {
    const columns: Column<Staff>[] = [
      {
        key: 'name',
        title: t('organisation.staff.name'),
        width: 200,
        is_pinned: true,
        cell: (row) => (
          <span className="who">
            <Avatar name={row.name} size={30} />
            <span>
              <b>{row.name}</b>
              <small className="num">{row.staff_no}</small>
            </span>
          </span>
        ),
      },
      {
        key: 'role',
        title: t('organisation.staff.role'),
        width: 150,
        cell: (row) => t(`code.role.${row.role}`),
      },
      {
        key: 'branch',
        title: t('organisation.staff.branch'),
        cell: (row) => branches?.find(({ branch_id }) => branch_id === row.branch_id)?.name ?? '—',
      },
      {
        key: 'scope',
        title: t('organisation.staff.scope'),
        width: 140,
        cell: (row) => t(`code.scope.${row.scope}`),
      },
      {
        key: 'state',
        title: t('organisation.staff.state'),
        width: 150,
        cell: (row) => <StaffState staff={row} />,
      },
      {
        key: 'last',
        title: t('organisation.staff.last_sign_in'),
        width: 150,
        cell: (row) => (
          <span className="num">
            {row.last_sign_in_at ? dateTime(row.last_sign_in_at) : t('organisation.staff.never')}
          </span>
        ),
      },
    ];
    if (mayWrite)
      columns.push({
        key: 'menu',
        title: t('common.actions'),
        is_untitled: true,
        width: 68,
        is_end: true,
        cell: (row) => <StaffMenu staff={row} onEdit={() => onEdit(row)} />,
      });
    return columns;
  }, [t, branches, mayWrite, onEdit]);
}
