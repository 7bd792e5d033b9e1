import '@/ui/data-table.css';
import './approvals.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { Keyboard, Stamp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { useCode } from '@/lib/i18n';
import { useMobile } from '@/lib/use-media';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { CodeSelect } from '@/ui/pickers';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { TabPanel, Tabs } from '@/ui/tabs';
import { ApprovalRow } from './approval-row';
import { BulkResults } from './bulk-results';
import { HelpDialog } from './help-dialog';
import { type Approval, approvalsQuery, type BulkResult } from './queries';
import { APPROVAL_OPERATIONS, APPROVAL_STATUSES, type ApprovalShare, type ApprovalsSearch } from './search';
import { useDecide } from './use-decide';
import { type InboxKey, useInboxKeys } from './use-inbox-keys';

const route = getRouteApi('/shell/approvals');

/** What waits for this person's decision, what they asked for, and what has been decided. */
export function ApprovalsPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const navigate = useNavigate();
  const mayDecide = useCan('approvals:decide');
  const raw = route.useSearch();
  const share: ApprovalShare = raw.share ?? (mayDecide ? 'to_decide' : 'mine');
  const search = { ...raw, share };
  const pages = useInfiniteQuery(approvalsQuery(share, search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const inbox = useInbox(rows);
  const go = (patch: ApprovalsSearch) => {
    inbox.reset();
    void navigate({ to: '/approvals', search: { ...search, ...patch }, replace: true });
  };
  const shares = (['to_decide', 'mine', 'all'] as const)
    .filter((key) => key !== 'to_decide' || mayDecide)
    .map((key) => ({ key, label: t(`approvals.share.${key}`) }));
  return (
    <Page
      title={t('approvals.title')}
      subtitle={t('approvals.subtitle')}
      actions={
        !mobile && (
          <Button icon={<Keyboard size={15} />} onClick={inbox.help}>
            {t('approvals.keys.title')}
          </Button>
        )
      }
    >
      <section className="card list-card">
        <Tabs
          label={t('approvals.title')}
          id="approvals"
          items={shares}
          active={share}
          onChange={(next) => go({ share: next, status: undefined })}
        />
        <TabPanel id="approvals" active={share}>
          <Filters search={search} onChange={go} />
          {inbox.results && (
            <BulkResults results={inbox.results} known={inbox.known} onClose={inbox.forgetResults} />
          )}
          {mayDecide && inbox.selected.length > 0 && (
            <BulkBar count={inbox.selected.length} onDecide={inbox.decide} onClear={inbox.reset} />
          )}
          {pages.isPending ? (
            <RowsSkeleton />
          ) : pages.isError && rows.length === 0 ? (
            <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
          ) : rows.length === 0 ? (
            <Empty
              icon={Stamp}
              title={t(`approvals.empty.${share}`)}
              hint={t(`approvals.empty_hint.${share}`)}
            />
          ) : (
            <ul className="approval-list" aria-label={t(`approvals.share.${share}`)}>
              {rows.map((approval, at) => (
                <ApprovalRow
                  key={approval.approval_id}
                  approval={approval}
                  is_active={at === inbox.active}
                  is_selected={inbox.is_selected(approval)}
                  onSelect={mayDecide ? () => inbox.toggle(approval) : undefined}
                />
              ))}
            </ul>
          )}
          {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
        </TabPanel>
      </section>
      {inbox.dialogs}
    </Page>
  );
}

/** The marked row, the selection, and what the keys do with them. */
function useInbox(rows: Approval[]) {
  const navigate = useNavigate();
  const [active, setActive] = useState(-1);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [results, setResults] = useState<BulkResult[] | null>(null);
  const [known, setKnown] = useState<Map<string, Approval>>(new Map());
  const [isHelp, setIsHelp] = useState(false);
  const selected = rows.filter((row) => chosen.has(row.approval_id) && row.may_decide);
  const current = rows[active];
  const deciding = useDecide((told) => {
    setResults(told);
    setChosen(new Set());
  });
  const decide = (decision: 'approve' | 'reject') => {
    const meant = selected.length > 0 ? selected : current?.may_decide ? [current] : [];
    setKnown(new Map(meant.map((approval) => [approval.approval_id, approval])));
    deciding.ask(decision, meant);
  };
  const toggle = ({ approval_id, may_decide }: Approval) => {
    if (!may_decide) return;
    const next = new Set(chosen);
    if (!next.delete(approval_id)) next.add(approval_id);
    setChosen(next);
  };
  const press = (key: InboxKey) => {
    if (key === 'j') setActive(Math.min(active + 1, rows.length - 1));
    if (key === 'k') setActive(Math.max(active - 1, 0));
    if (key === 'x' && current) toggle(current);
    if (key === 'a') decide('approve');
    if (key === 'r') decide('reject');
    if (key === '?') setIsHelp(true);
    if (key === 'Escape') setChosen(new Set());
    if (key === 'Enter' && current)
      void navigate({ to: '/approvals/$approval_id', params: { approval_id: current.approval_id } });
  };
  useInboxKeys(press, deciding.is_asking || isHelp);
  return {
    active,
    selected,
    results,
    known,
    decide,
    toggle,
    is_selected: ({ approval_id }: Approval) => chosen.has(approval_id),
    help: () => setIsHelp(true),
    forgetResults: () => setResults(null),
    reset: () => {
      setActive(-1);
      setChosen(new Set());
      setResults(null);
    },
    dialogs: (
      <>
        {deciding.dialog}
        {isHelp && <HelpDialog onClose={() => setIsHelp(false)} />}
      </>
    ),
  };
}

function BulkBar(props: {
  count: number;
  onDecide: (decision: 'approve' | 'reject') => void;
  onClear: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="bulk-bar row" role="toolbar" aria-label={t('approvals.selected', { n: props.count })}>
      <b className="num grow">{t('approvals.selected', { n: props.count })}</b>
      <Button type="primary" size="small" onClick={() => props.onDecide('approve')}>
        {t('approvals.approve')}
      </Button>
      <Button danger size="small" onClick={() => props.onDecide('reject')}>
        {t('approvals.reject')}
      </Button>
      <Button type="text" size="small" onClick={props.onClear}>
        {t('approvals.clear')}
      </Button>
    </div>
  );
}

function Filters({
  search,
  onChange,
}: {
  search: ApprovalsSearch;
  onChange: (patch: ApprovalsSearch) => void;
}) {
  const { t } = useTranslation();
  const name = useCode();
  return (
    <search className="toolbar">
      <CodeSelect
        aria-label={t('approvals.operation_label')}
        placeholder={t('approvals.all_operations')}
        values={APPROVAL_OPERATIONS}
        name={(operation) => name('approvals.operation', operation)}
        value={search.operation}
        onChange={(operation) => onChange({ operation })}
        style={{ width: 168 }}
      />
      {search.share !== 'to_decide' && (
        <CodeSelect
          aria-label={t('approvals.status')}
          placeholder={t('approvals.all_statuses')}
          values={APPROVAL_STATUSES}
          name={(status) => t(`code.approval_status.${status}`)}
          value={search.status}
          onChange={(status) => onChange({ status })}
          style={{ width: 132 }}
        />
      )}
    </search>
  );
}
