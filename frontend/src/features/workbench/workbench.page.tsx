import './workbench.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '@/api/session';
import { dateTime, longDay } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { count } from '@/lib/number';
import { useLang } from '@/lib/prefs';
import { Avatar } from '@/ui/avatar';
import { Empty } from '@/ui/empty';
import { LinkButton } from '@/ui/link-button';
import { CompactMoney } from '@/ui/money';
import { Page, Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { PanelSkeleton, Skeleton } from '@/ui/skeleton';
import { LatestEntries, LatestJobs } from './activity';
import { cardLink, listLink } from './links';
import { notesOf } from './notes';
import { type Workbench, type WorkbenchCard, type WorkbenchList, workbenchQuery } from './queries';

/** What needs this person today, as far as the bank's records can tell. */
export function WorkbenchPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const me = useMe();
  const query = useQuery(workbenchQuery);
  const hour = Number(dateTime(new Date()).slice(11, 13));
  const greeting = hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
  return (
    <Page
      title={t(`workbench.${greeting}`, { name: me.name })}
      subtitle={t('workbench.subtitle', { branch: me.branch_name, day: longDay(me.business_on, lang) })}
    >
      <QueryState query={query} skeleton={<WorkbenchSkeleton />} is_small={false}>
        {(data) => <Content data={data} />}
      </QueryState>
    </Page>
  );
}

function Content({ data }: { data: Workbench }) {
  const { t } = useTranslation();
  const seesCardholders = useCan('cardholders:read');
  const seesAudit = useCan('audit:read');
  const seesJobs = useCan('jobs:read');
  if (data.cards.length === 0 && data.lists.length === 0) {
    return (
      <div className="card">
        <Empty
          icon={CircleCheck}
          title={t('workbench.nothing')}
          hint={seesCardholders ? t('workbench.nothing_hint') : undefined}
          action={
            seesCardholders && (
              <LinkButton to="/cardholders" is_primary>
                {t('workbench.go_list')}
              </LinkButton>
            )
          }
        />
      </div>
    );
  }
  return (
    <div className="stack">
      <ul className="kpis">
        {data.cards.map((card) => (
          <li key={card.code}>
            <Kpi card={card} />
          </li>
        ))}
      </ul>
      <div className="work-lists">
        {data.lists.map((list) => (
          <WorkList key={list.code} list={list} />
        ))}
        {seesAudit && <LatestEntries />}
        {/* Whoever has no cardholders to look after looks after the machinery. */}
        {seesJobs && data.lists.length === 0 && <LatestJobs />}
      </div>
    </div>
  );
}

/** The server stops counting there. */
const COUNTED_TO = 10_000;

/** Figures that ask for action are marked while they are not zero. */
const URGENT = new Set([
  'approvals_waiting',
  'past_due_statements',
  'past_due_minor',
  'jobs_failed',
  'staff_locked',
  'frozen_cards',
]);

function Kpi({ card }: { card: WorkbenchCard }) {
  const me = useMe();
  const name = useCode();
  const link = cardLink(card.code, me);
  const figure =
    card.unit === 'minor' && card.currency ? (
      <CompactMoney minor={card.value} currency={card.currency} />
    ) : (
      <span className="num">{card.value > COUNTED_TO ? `${count(COUNTED_TO)}+` : count(card.value)}</span>
    );
  const body = (
    <>
      <span className="kpi-label">{name('workbench.card', card.code)}</span>
      <b className={URGENT.has(card.code) && card.value > 0 ? 'is-urgent' : undefined}>{figure}</b>
    </>
  );
  return link ? (
    <Link className="card kpi" {...link}>
      {body}
    </Link>
  ) : (
    <div className="card kpi">{body}</div>
  );
}

function WorkList({ list }: { list: WorkbenchList }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const name = useCode();
  const link = listLink(list.code, me);
  const emptyKey = `workbench.list_empty.${list.code}`;
  const empty = i18n.exists(emptyKey)
    ? (t as (key: string) => string)(emptyKey)
    : t('workbench.list_empty.other');
  return (
    <Panel
      title={name('workbench.list', list.code)}
      sub={list.items.length > 0 && <span className="num">{list.items.length}</span>}
      is_flush
      extra={
        link &&
        list.items.length > 0 && (
          <Link className="link" {...link}>
            {t('common.view_all')}
          </Link>
        )
      }
    >
      {list.items.length === 0 ? (
        <Empty icon={CircleCheck} title={empty} is_small />
      ) : (
        <ul className="lines">
          {list.items.map((item, at) => (
            // One person may stand in a list twice, with two cards or two statements.
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
            <li key={`${item.cardholder_id} ${at}`}>
              <Link
                to="/cardholders/$cardholder_id"
                params={{ cardholder_id: item.cardholder_id }}
                className="who grow"
              >
                <Avatar name={item.name} />
                <span>
                  <b>{item.name ?? t('common.unnamed')}</b>
                  <Note parts={[item.customer_no, ...notesOf(list.code, item.params, t)]} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Where a phone breaks the line, it breaks between two facts and not inside a date. */
function Note({ parts }: { parts: string[] }) {
  return (
    <small className="num">
      {parts.map((part, at) => (
        <Fragment key={part}>
          {at > 0 && ' · '}
          <span className="whole">{part}</span>
        </Fragment>
      ))}
    </small>
  );
}

function WorkbenchSkeleton() {
  return (
    <div className="stack" aria-busy="true">
      <div className="kpis">
        {[0, 1, 2, 3].map((at) => (
          <div key={at} className="card kpi">
            <Skeleton width={90} />
            <Skeleton height={26} width={70} />
          </div>
        ))}
      </div>
      <div className="work-lists">
        {[0, 1].map((at) => (
          <div key={at} className="card" style={{ padding: 16 }}>
            <PanelSkeleton lines={6} />
          </div>
        ))}
      </div>
    </div>
  );
}
