import './subject-requests.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { useMobile } from '@/lib/use-media';
import { Crumbs, Page, Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { PageSkeleton } from '@/ui/skeleton';
import { ClockPill } from './clock-pill';
import { ErasurePanel } from './erasure-panel';
import { PackagePanel } from './package-panel';
import { hasPackage, type SubjectRequest, subjectRequestQuery } from './queries';
import { RequestActions } from './request-actions';

const route = getRouteApi('/shell/subject_requests/$request_id');

/** One request: its clock, what was asked, what was done. */
export function SubjectRequestPage() {
  const { request_id } = route.useParams();
  const query = useQuery(subjectRequestQuery(request_id));
  return (
    <QueryState query={query} skeleton={<PageSkeleton />} is_page>
      {(request) => <Request request={request} />}
    </QueryState>
  );
}

function Request({ request }: { request: SubjectRequest }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const mayHandle = useCan('subject_requests:handle');
  const mayOpen = useCan('subject_packages:open');
  const title = t(`code.subject_request_kind.${request.kind}`);
  const actions = mayHandle && request.status === 'open' && <RequestActions request={request} />;
  return (
    <Page
      title={title}
      subtitle={[request.subject_name, request.customer_no, request.branch_name].filter(Boolean).join(' · ')}
      shape="narrow"
      crumbs={
        <Crumbs current={title}>
          <Link to="/subject_requests">{t('law.request.title')}</Link>
        </Crumbs>
      }
      actions={!mobile && actions}
    >
      <div className="stack">
        <Panel title={t('law.request.request')} extra={<ClockPill request={request} />}>
          <Facts request={request} />
        </Panel>
        {(mayHandle || mayOpen) && hasPackage(request.kind) && <PackagePanel request={request} />}
        {mayHandle && request.kind === 'erasure' && <ErasurePanel request={request} />}
      </div>
      {mobile && actions && <div className="action-bar">{actions}</div>}
    </Page>
  );
}

function Facts({ request }: { request: SubjectRequest }) {
  const { t } = useTranslation();
  const rows: [string, React.ReactNode][] = [
    [
      t('law.request.subject'),
      <Link
        key="subject"
        to="/cardholders/$cardholder_id"
        params={{ cardholder_id: request.cardholder_id }}
        search={{ tab: 'consents' }}
      >
        {request.subject_name ?? request.customer_no ?? '—'}
      </Link>,
    ],
    [t('law.request.kind_label'), t(`law.request.kind_hint.${request.kind}`)],
    [t('law.request.via_label'), t(`law.request.via.${request.received_via}`)],
    [
      t('law.request.received_on'),
      <span key="received" className="num">
        {request.received_on}
      </span>,
    ],
    [
      t('law.request.due_on'),
      <span key="due" className="num">
        {request.due_on}
      </span>,
    ],
    [t('law.request.wish_said'), request.wish ?? '—'],
    [
      t('law.request.taken_in'),
      <span key="in">
        {request.created_by_name ?? '—'} <span className="num muted">{dateTime(request.created_at)}</span>
      </span>,
    ],
  ];
  if (request.extension_reason) rows.push([t('law.request.extension_reason'), request.extension_reason]);
  if (request.closed_at)
    rows.push(
      [t('law.request.answer'), request.answer ?? '—'],
      [
        t('law.request.closed'),
        <span key="closed">
          {request.closed_by_name ?? t('law.consents.by_system')}{' '}
          <span className="num muted">{dateTime(request.closed_at)}</span>
        </span>,
      ],
    );
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
