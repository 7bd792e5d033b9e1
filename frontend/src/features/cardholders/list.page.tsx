import './list.css';
import { type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useLocation, useNavigate } from '@tanstack/react-router';
import { Button, Drawer, Popover } from 'antd';
import { ListFilter, UserPlus, UsersRound } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { count } from '@/lib/number';
import { usePrefs } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { ColumnChooser, useShownColumns } from '@/ui/column-chooser';
import { DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ExportLink } from '@/ui/export-link';
import { LinkButton } from '@/ui/link-button';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { ProblemState } from '@/ui/problem-alert';
import { SearchInput } from '@/ui/search-input';
import { PanelSkeleton, RowsSkeleton } from '@/ui/skeleton';
import { SEARCH_MAX } from './codes';
import { ListCards } from './list-cards';
import { DEFAULT_COLUMNS, useListColumns } from './list-columns';
import { FilterChips, MainFilters } from './list-filters';
import { activeFilters, type ListSearch, toFilter } from './list-search';
import { type CardholderFilter, type CardholderListItem, cardholdersQuery } from './queries';
import { SaveViewButton, ViewTabs } from './saved-views';

const route = getRouteApi('/shell/cardholders');
const TABLE = 'cardholders';
const MoreFilters = lazy(() => import('./more-filters').then((module) => ({ default: module.MoreFilters })));

/** `offer`: what else may be done about somebody whom a search did not find. */
export function ListPage({ offer }: { offer?: (q: string) => ReactNode }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const mayWrite = useCan('cardholders:write');
  const { search, q, change, find, open } = useListState();
  const pages = useInfiniteQuery(cardholdersQuery(toFilter(search, q), q));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const total = pages.data?.pages[0]?.count ?? (q && !pages.hasNextPage ? rows.length : undefined);
  return (
    <Page
      title={t('cardholders.title')}
      subtitle={typeof total === 'number' && !pages.isPending ? <Total n={total} q={q} /> : undefined}
      shape={mobile ? undefined : 'fill'}
      actions={
        <>
          {!q && <ExportLink list="cardholders" query={toFilter(search, undefined)} />}
          {mayWrite && (
            <LinkButton to="/cardholders/new" is_primary icon={<UserPlus size={15} />}>
              {t('cardholders.new')}
            </LinkButton>
          )}
        </>
      }
    >
      <section className="card list-card">
        <ViewTabs search={search} onOpen={open} />
        <Toolbar search={search} q={q} onChange={change} onFind={find} onOpen={open} />
        <FilterChips search={search} onChange={change} />
        {pages.isPending ? (
          <RowsSkeleton rows={14} />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <NothingFound search={search} q={q} onClear={() => open({})} offer={q && offer?.(q)} />
        ) : mobile ? (
          <ListCards rows={rows} />
        ) : (
          <Rows pages={pages} rows={rows} search={search} q={q} onSort={(sort) => change({ sort })} />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} is_auto={mobile} />}
      </section>
    </Page>
  );
}

/** Filters live in the address; what is searched for lives beside it, in this tab only. */
function useListState() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const q = useLocation({ select: (location) => location.state.q });
  const go = useCallback(
    (next: ListSearch, sought: string | undefined) =>
      void navigate({ to: '/cardholders', search: next, state: { q: sought }, replace: true }),
    [navigate],
  );
  const change = useCallback(
    (patch: Partial<CardholderFilter>) => go({ ...search, ...patch }, q),
    [go, search, q],
  );
  const find = useCallback((sought: string | undefined) => go(search, sought), [go, search]);
  const open = useCallback((next: ListSearch) => go(next, undefined), [go]);
  return { search, q, change, find, open };
}

const COUNTED_TO = 10_000;

/** How many there are, and that a search has an order of its own. */
function Total({ n, q }: { n: number; q: string | undefined }) {
  const { t } = useTranslation();
  const parts = [
    n > COUNTED_TO
      ? t('cardholders.total_more', { n: count(COUNTED_TO) })
      : t('cardholders.total', { n: count(n) }),
    q && t('cardholders.by_name'),
  ];
  return <span className="num">{parts.filter(Boolean).join(' · ')}</span>;
}

interface ToolbarProps {
  search: ListSearch;
  q: string | undefined;
  onChange: (patch: Partial<CardholderFilter>) => void;
  onFind: (q: string | undefined) => void;
  onOpen: (search: ListSearch) => void;
}

function Toolbar({ search, q, onChange, onFind, onOpen }: ToolbarProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const [sheet, setSheet] = useState(false);
  const columns = useListColumns();
  const filters = Object.keys(activeFilters(search)).length;
  const more = (
    <Suspense fallback={<PanelSkeleton />}>
      <MoreFilters search={search} onChange={onChange} with_main={mobile} />
    </Suspense>
  );
  return (
    <search className="toolbar">
      <SearchInput
        className="list-search"
        label={t('cardholders.search_placeholder')}
        value={q}
        onSearch={onFind}
        max_length={SEARCH_MAX}
      />
      {mobile ? (
        <>
          <Button
            icon={<ListFilter size={15} />}
            aria-label={t('common.filters')}
            onClick={() => setSheet(true)}
            type={filters > 0 ? 'primary' : 'default'}
          />
          <Drawer
            open={sheet}
            onClose={() => setSheet(false)}
            placement="bottom"
            size="large"
            title={t('common.filters')}
            footer={<SaveViewButton search={search} onOpen={onOpen} />}
            extra={
              <Button type="primary" onClick={() => setSheet(false)}>
                {t('common.apply')}
              </Button>
            }
          >
            {more}
          </Drawer>
        </>
      ) : (
        <>
          <MainFilters search={search} onChange={onChange} />
          <Popover trigger="click" placement="bottomLeft" arrow={false} content={more}>
            <Button type="text" icon={<ListFilter size={15} />}>
              {t('common.more_filters')}
            </Button>
          </Popover>
          <span className="grow" />
          <SaveViewButton search={search} onOpen={onOpen} />
          <ColumnChooser table={TABLE} all={columns} defaults={DEFAULT_COLUMNS} />
        </>
      )}
    </search>
  );
}

interface RowsProps {
  pages: Pick<
    UseInfiniteQueryResult,
    'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage' | 'isPlaceholderData'
  >;
  rows: CardholderListItem[];
  search: ListSearch;
  q: string | undefined;
  onSort: (sort: CardholderFilter['sort']) => void;
}

function Rows({ pages, rows, search, q, onSort }: RowsProps) {
  const { t } = useTranslation();
  const isDense = usePrefs((prefs) => prefs.is_dense);
  const columns = useShownColumns(TABLE, useListColumns(), DEFAULT_COLUMNS);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, isPlaceholderData } = pages;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return (
    <DataTable
      label={t('cardholders.title')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.cardholder_id}
      sort={q ? undefined : (search.sort ?? '-opened_on')}
      onSort={q ? undefined : (sort) => onSort(sort as CardholderFilter['sort'])}
      onNearEnd={nearEnd}
      is_linked
      is_fill
      is_dense={isDense}
      is_stale={isPlaceholderData}
    />
  );
}

interface NothingFoundProps {
  search: ListSearch;
  q: string | undefined;
  onClear: () => void;
  offer?: ReactNode;
}

function NothingFound({ search, q, onClear, offer }: NothingFoundProps) {
  const { t } = useTranslation();
  const filtered = q !== undefined || Object.keys(activeFilters(search)).length > 0;
  if (!filtered)
    return <Empty icon={UsersRound} title={t('cardholders.none')} hint={t('cardholders.none_hint')} />;
  return (
    <Empty
      icon={UsersRound}
      title={t('cardholders.empty')}
      hint={q ? t('cardholders.empty_search_hint') : t('cardholders.empty_hint')}
      action={
        <div className="row">
          <Button onClick={onClear}>{t('common.clear_filters')}</Button>
          {offer}
        </div>
      }
    />
  );
}
