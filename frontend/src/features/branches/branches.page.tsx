import './branches.css';
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { Building2, ChevronDown, ChevronRight, Plus, Search } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Branch, branchesQuery } from '@/api/reference';
import { useCan } from '@/api/session';
import { count } from '@/lib/number';
import { type TreeRow, treeRows } from '@/lib/tree';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { Page } from '@/ui/page';
import { branchKeys } from '@/ui/pickers';
import { Pill } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import { RowsSkeleton } from '@/ui/skeleton';
import type { BranchDraft } from './branch-dialog';
import { BranchMenu } from './branch-menu';

const BranchDialog = lazy(() =>
  import('./branch-dialog').then((module) => ({ default: module.BranchDialog })),
);

type Row = TreeRow<Branch>;

/** The bank's tree, head office first; a search shows every match with its ancestors. */
export function BranchesPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const mayWrite = useCan('branches:write');
  const query = useQuery(branchesQuery);
  const [text, setText] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [draft, setDraft] = useState<BranchDraft | null>(null);
  const rows = useMemo(() => visibleRows(query.data ?? [], text, folded), [query.data, text, folded]);
  const fold = (id: string) => {
    const next = new Set(folded);
    if (!next.delete(id)) next.add(id);
    setFolded(next);
  };
  const columns = useBranchColumns({ fold, folded, onDraft: mayWrite ? setDraft : undefined, mobile });
  return (
    <Page
      title={t('organisation.branch.title')}
      subtitle={
        query.data && (
          <span className="num">{t('organisation.branch.total', { n: count(query.data.length) })}</span>
        )
      }
      shape={mobile ? undefined : 'fill'}
      actions={
        mayWrite && (
          <Button
            type="primary"
            icon={<Plus size={15} />}
            onClick={() => setDraft({ parent_id: null, branch: null })}
          >
            {t('organisation.branch.new')}
          </Button>
        )
      }
    >
      <section className="card list-card">
        <search className="toolbar">
          <Input
            prefix={<Search size={15} color="var(--text-3)" aria-hidden />}
            aria-label={t('organisation.branch.search')}
            placeholder={t('organisation.branch.search')}
            allowClear
            maxLength={60}
            value={text}
            onChange={(event) => setText(event.target.value)}
            style={{ width: 260 }}
          />
        </search>
        <QueryState query={query} skeleton={<RowsSkeleton />} is_small={false}>
          {() =>
            rows.length === 0 ? (
              <Empty icon={Building2} title={t('organisation.branch.empty')} />
            ) : (
              <DataTable
                label={t('organisation.branch.title')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.item.branch_id}
                is_fill={!mobile}
              />
            )
          }
        </QueryState>
      </section>
      {draft && (
        <Suspense>
          <BranchDialog draft={draft} onClose={() => setDraft(null)} />
        </Suspense>
      )}
    </Page>
  );
}

/** Rows not under a folded parent; with a search, matches and their ancestors whatever is folded. */
function visibleRows(branches: Branch[], text: string, folded: ReadonlySet<string>): Row[] {
  const rows = treeRows(branches, branchKeys);
  const typed = text.trim().toLowerCase();
  if (typed) {
    const byId = new Map(branches.map((branch) => [branch.branch_id, branch]));
    const kept = new Set<string>();
    for (const branch of branches) {
      if (!`${branch.name} ${branch.code} ${branch.city ?? ''}`.toLowerCase().includes(typed)) continue;
      for (
        let at: Branch | undefined = branch;
        at && !kept.has(at.branch_id);
        at = byId.get(at.parent_id ?? '')
      ) {
        kept.add(at.branch_id);
      }
    }
    return rows.filter((row) => kept.has(row.item.branch_id));
  }
  const hidden = new Set<string>();
  return rows.filter(({ item }) => {
    const under = item.parent_id !== null && (folded.has(item.parent_id) || hidden.has(item.parent_id));
    if (under) hidden.add(item.branch_id);
    return !under;
  });
}

interface ColumnParts {
  fold: (branch_id: string) => void;
  folded: ReadonlySet<string>;
  onDraft?: (draft: BranchDraft) => void;
  mobile: boolean;
}

function useBranchColumns({ fold, folded, onDraft, mobile }: ColumnParts): Column<Row>[] {
  const { t } = useTranslation();
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: t('organisation.branch.name'),
      cell: (row) => <NameCell row={row} isFolded={folded.has(row.item.branch_id)} onFold={fold} />,
    },
    {
      key: 'code',
      title: t('organisation.branch.code'),
      width: 110,
      cell: ({ item }) => <span className="num">{item.code}</span>,
    },
    {
      key: 'kind',
      title: t('organisation.branch.kind'),
      width: 130,
      cell: ({ item }) => t(`code.branch_kind.${item.kind}`),
    },
    { key: 'city', title: t('organisation.branch.city'), width: 140, cell: ({ item }) => item.city ?? '—' },
    {
      key: 'state',
      title: t('organisation.branch.state'),
      width: 110,
      cell: ({ item }) => (
        <Pill tone={item.is_open ? 'ok' : 'plain'} has_dot>
          {item.is_open ? t('organisation.branch.open') : t('organisation.branch.closed')}
        </Pill>
      ),
    },
    {
      key: 'menu',
      title: t('common.actions'),
      is_untitled: true,
      width: 68,
      is_end: true,
      cell: ({ item }) => onDraft && <BranchMenu branch={item} onDraft={onDraft} />,
    },
  ];
  const onPhone = ['name', 'state', 'menu'];
  return columns.filter(({ key }) => (mobile ? onPhone.includes(key) : true) && (onDraft || key !== 'menu'));
}

function NameCell({
  row,
  isFolded,
  onFold,
}: {
  row: Row;
  isFolded: boolean;
  onFold: (branch_id: string) => void;
}) {
  const { t } = useTranslation();
  const { item, depth, has_children } = row;
  const Icon = isFolded ? ChevronRight : ChevronDown;
  const label = isFolded
    ? t('organisation.branch.expand', { name: item.name })
    : t('organisation.branch.collapse', { name: item.name });
  return (
    <span className="branch-name" style={{ paddingLeft: depth * 22 }}>
      {has_children ? (
        <button
          type="button"
          aria-label={label}
          aria-expanded={!isFolded}
          onClick={() => onFold(item.branch_id)}
        >
          <Icon size={15} />
        </button>
      ) : (
        <i />
      )}
      <b>{item.name}</b>
    </span>
  );
}
