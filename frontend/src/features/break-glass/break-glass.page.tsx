import './break-glass.css';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Siren } from 'lucide-react';
import { lazy, Suspense, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '@/api/session';
import { addDays, dayOf, dayStart, mondayOf } from '@/lib/dates';
import { withoutEmpty } from '@/lib/url-state';
import { useMobile } from '@/lib/use-media';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { CodeSelect } from '@/ui/pickers';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { type TabItem, TabPanel, Tabs } from '@/ui/tabs';
import { Grants } from './grants';
import { BreakGlassOffer } from './offer';
import type { GrantFilter, GrantLine } from './queries';
import type { BreakGlassSearch } from './search';
import { useGrants, useNamedGrant } from './use-grants';
import { WeekPicker } from './week-picker';

const route = getRouteApi('/shell/break_glass');
const GrantDetail = lazy(() => import('./grant-detail').then((module) => ({ default: module.GrantDetail })));

type Tab = NonNullable<BreakGlassSearch['tab']>;

/** One's own emergencies, and for those who oversee others the list of each week. */
export function BreakGlassPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const navigate = useNavigate();
  const search = route.useSearch();
  const tabs = useTabs();
  const tab = tabs.find(({ key }) => key === search.tab)?.key ?? tabs[0]?.key ?? 'own';
  const go = useCallback(
    (patch: BreakGlassSearch) =>
      void navigate({ to: '/break_glass', search: withoutEmpty({ ...search, ...patch }), replace: true }),
    [navigate, search],
  );
  return (
    <Page
      title={t('desk.break_glass.title')}
      subtitle={t('desk.break_glass.subtitle')}
      shape={mobile ? undefined : 'fill'}
      actions={<BreakGlassOffer is_primary />}
    >
      <section className="card list-card">
        {tabs.length > 1 && (
          <Tabs
            id="grants"
            label={t('desk.break_glass.title')}
            items={tabs}
            active={tab}
            onChange={(key) => go({ tab: key, grant: undefined, review: undefined })}
          />
        )}
        <Panel is_tab={tabs.length > 1} tab={tab}>
          <GrantList tab={tab} search={search} onChange={go} />
        </Panel>
      </section>
    </Page>
  );
}

function Panel({ is_tab, tab, children }: { is_tab: boolean; tab: Tab; children: React.ReactNode }) {
  if (!is_tab) return children;
  return (
    <TabPanel id="grants" active={tab} is_fill>
      {children}
    </TabPanel>
  );
}

function useTabs(): TabItem<Tab>[] {
  const { t } = useTranslation();
  const mayUse = useCan('break_glass:use');
  const mayReview = useCan('break_glass:review');
  const mayAudit = useCan('audit:read');
  const week = { key: 'week', label: t('desk.break_glass.tab_week') } as const;
  const own = { key: 'own', label: t('desk.break_glass.tab_own') } as const;
  if (!mayReview && !mayAudit) return [own];
  return mayUse ? [week, own] : [week];
}

interface GrantListProps {
  tab: Tab;
  search: BreakGlassSearch;
  onChange: (patch: BreakGlassSearch) => void;
}

function GrantList({ tab, search, onChange }: GrantListProps) {
  const { t } = useTranslation();
  const { staff_id } = useMe();
  const week = mondayOf(search.week ?? dayOf(new Date()));
  const filter: GrantFilter =
    tab === 'own' ? { staff_id } : { granted_from: dayStart(week), granted_to: dayStart(addDays(week, 7)) };
  const list = useGrants(filter, search.review);
  const named = useNamedGrant(search.grant, list);
  const { pages, rows } = list;
  const open = useCallback((grant: GrantLine) => onChange({ grant: grant.grant_id }), [onChange]);
  return (
    <>
      <search className="toolbar">
        {tab === 'week' && <WeekPicker week={week} onChange={(next) => onChange({ week: next })} />}
        <CodeSelect
          aria-label={t('desk.break_glass.review_state')}
          placeholder={t('desk.break_glass.all_reviews')}
          values={['pending', 'done'] as const}
          name={(review) => t(`desk.break_glass.${review}`)}
          value={search.review}
          onChange={(review) => onChange({ review })}
          style={{ width: 140 }}
        />
      </search>
      {pages.isPending && rows.length === 0 ? (
        <RowsSkeleton />
      ) : pages.isError && rows.length === 0 ? (
        <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          icon={Siren}
          title={t(tab === 'own' ? 'desk.break_glass.empty_own' : 'desk.break_glass.empty_week')}
          hint={t(tab === 'own' ? 'desk.break_glass.empty_own_hint' : 'desk.break_glass.empty_week_hint')}
        />
      ) : (
        <Grants rows={rows} is_own={tab === 'own'} onOpen={open} />
      )}
      {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
      {named && (
        <Suspense>
          <GrantDetail grant={named} onClose={() => onChange({ grant: undefined })} />
        </Suspense>
      )}
    </>
  );
}
