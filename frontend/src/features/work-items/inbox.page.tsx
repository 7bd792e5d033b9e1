import './inbox.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { Inbox } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@/lib/number';
import { withoutEmpty } from '@/lib/url-state';
import { useMobile } from '@/lib/use-media';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { TabPanel, Tabs } from '@/ui/tabs';
import type { WorkKinds } from './kinds';
import { type WorkFilter, type WorkItem, workCountsQuery, workItemsQuery } from './queries';
import { KINDS, SHARES } from './search';
import { useDesk } from './use-desk';
import { useInboxKeys } from './use-inbox-keys';
import { WorkLine } from './work-line';

const route = getRouteApi('/shell/inbox');

/** What waits for somebody like this person, the most pressing first. */
export function InboxPage({ kinds }: { kinds: WorkKinds }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const search = route.useSearch();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(workItemsQuery(search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const open = (item: WorkItem) => void navigate(kinds[item.kind].target(item));
  const desk = useDesk(open);
  const { chosen, choose } = useChosen(rows, { open, takeNext: () => desk.takeNext(search.kind) });
  const change = (patch: WorkFilter) =>
    void navigate({ to: '/inbox', search: withoutEmpty({ ...search, ...patch }), replace: true });
  const share = search.share ?? 'open';
  return (
    <Page
      title={t('desk.inbox.title')}
      subtitle={t('desk.inbox.subtitle')}
      actions={
        <Button
          type="primary"
          loading={desk.isTaking}
          aria-keyshortcuts="t"
          onClick={() => desk.takeNext(search.kind)}
        >
          {t('desk.inbox.take_next')}
        </Button>
      }
    >
      <section className="card list-card">
        <Tabs
          id="inbox"
          label={t('desk.inbox.title')}
          items={SHARES.map((key) => ({ key, label: t(`desk.inbox.share_${key}`) }))}
          active={share}
          onChange={(key) => change({ share: key === 'open' ? undefined : key })}
        />
        <KindFilter kind={search.kind} onChange={(kind) => change({ kind })} />
        <TabPanel id="inbox" active={share}>
          {pages.isPending ? (
            <RowsSkeleton height={60} />
          ) : pages.isError && rows.length === 0 ? (
            <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
          ) : rows.length === 0 ? (
            <Empty icon={Inbox} title={t(`desk.inbox.empty_${share}`)} hint={t('desk.inbox.empty_hint')} />
          ) : (
            <ul className="lines inbox" aria-label={t('desk.inbox.title')}>
              {rows.map((item) => (
                <WorkLine
                  key={`${item.kind} ${item.item_id}`}
                  item={item}
                  view={kinds[item.kind]}
                  is_chosen={item === chosen}
                  desk={desk}
                  onChoose={() => choose(item)}
                />
              ))}
            </ul>
          )}
          {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} is_auto />}
        </TabPanel>
        {!mobile && <KeysHint />}
      </section>
    </Page>
  );
}

/** The row that the keys act on: kept by its id, as the list changes under it. */
function useChosen(rows: WorkItem[], act: { open: (item: WorkItem) => void; takeNext: () => void }) {
  const [id, setId] = useState<string | null>(null);
  const at = rows.findIndex((row) => row.item_id === id);
  const chosen = rows[at];
  useInboxKeys({
    move: (step) => {
      const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (!next) return;
      setId(next.item_id);
      document.getElementById(`work-${next.item_id}`)?.scrollIntoView({ block: 'nearest' });
    },
    open: () => chosen && act.open(chosen),
    takeNext: act.takeNext,
  });
  return { chosen, choose: (item: WorkItem) => setId(item.item_id) };
}

function KindFilter({
  kind,
  onChange,
}: {
  kind: WorkFilter['kind'];
  onChange: (kind: WorkFilter['kind']) => void;
}) {
  const { t } = useTranslation();
  const counts = useQuery(workCountsQuery).data ?? [];
  const offered = KINDS.filter((key) => key === kind || counts.some((line) => line.kind === key));
  if (offered.length === 0) return null;
  return (
    <fieldset className="inbox-kinds" aria-label={t('desk.inbox.kind')}>
      {offered.map((key) => {
        const line = counts.find((known) => known.kind === key);
        return (
          <button
            key={key}
            type="button"
            className="inbox-kind"
            aria-pressed={key === kind}
            onClick={() => onChange(key === kind ? undefined : key)}
          >
            {t(`code.work_kind.${key}`)}
            <b className="num">{count(line?.open_count ?? 0)}</b>
            {line && line.mine_count > 0 && (
              <small className="num">{t('desk.inbox.mine_n', { n: count(line.mine_count) })}</small>
            )}
            {line && line.overdue_count > 0 && (
              <small className="num is-overdue">
                {t('desk.inbox.overdue_n', { n: count(line.overdue_count) })}
              </small>
            )}
          </button>
        );
      })}
    </fieldset>
  );
}

function KeysHint() {
  const { t } = useTranslation();
  return (
    <p className="inbox-keys" aria-hidden>
      <span>
        <kbd>j</kbd>
        <kbd>k</kbd>
        {t('palette.hint_move')}
      </span>
      <span>
        <kbd>Enter</kbd>
        {t('palette.hint_open')}
      </span>
      <span>
        <kbd>t</kbd>
        {t('desk.inbox.take_next')}
      </span>
    </p>
  );
}
