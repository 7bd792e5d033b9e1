import './approvals.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { count } from '@/lib/number';
import { useMobile } from '@/lib/use-media';
import { Crumbs, Page, Panel } from '@/ui/page';
import { Pill } from '@/ui/pill';
import { useProblemText } from '@/ui/problem-text';
import { QueryState } from '@/ui/query-state';
import { PageSkeleton } from '@/ui/skeleton';
import { DiffTable } from './diff-table';
import { type ApprovalDetail, approvalQuery, withdraw } from './queries';
import { StatusPill } from './status-pill';
import { useDecide } from './use-decide';
import { useInboxKeys } from './use-inbox-keys';

const route = getRouteApi('/shell/approvals/$approval_id');

/** One request with everything that a checker decides by. */
export function ApprovalPage() {
  const { approval_id } = route.useParams();
  const query = useQuery(approvalQuery(approval_id));
  return (
    <QueryState query={query} skeleton={<PageSkeleton />} is_page>
      {(approval) => <Request approval={approval} />}
    </QueryState>
  );
}

function Request({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const name = useCode();
  const title = name('approvals.operation', approval.operation);
  const actions = <Actions approval={approval} />;
  return (
    <Page
      title={title}
      subtitle={[approval.subject_name, approval.subject_no, approval.branch_name]
        .filter(Boolean)
        .join(' · ')}
      shape="narrow"
      crumbs={
        <Crumbs current={title}>
          <Link to="/approvals">{t('approvals.title')}</Link>
        </Crumbs>
      }
      actions={!mobile && actions}
    >
      <div className="stack">
        <Panel title={t('approvals.diff')} extra={<StatusPill approval={approval} />} is_flush>
          <DiffTable diff={approval.diff} />
          {approval.withheld.length > 0 && (
            <p className="muted diff-withheld">{t('approvals.withheld', { n: approval.withheld.length })}</p>
          )}
        </Panel>
        <Panel title={t('approvals.request')}>
          <Facts approval={approval} />
        </Panel>
        <Panel title={t('approvals.decisions')}>
          <Decisions approval={approval} />
        </Panel>
      </div>
      {mobile && <div className="action-bar">{actions}</div>}
    </Page>
  );
}

function Actions({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const deciding = useDecide();
  const takeBack = useMutation({
    mutationFn: () => withdraw(approval.approval_id),
    onSuccess: () => void message.success(t('approvals.withdrawn')),
    onError: (error) => void message.error(say(error).hint),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['approvals'] }),
  });
  const askBack = () =>
    modal.confirm({
      title: t('approvals.withdraw_confirm'),
      okText: t('approvals.withdraw'),
      onOk: () => takeBack.mutateAsync().catch(() => undefined),
    });
  useInboxKeys((key) => {
    if (!approval.may_decide) return;
    if (key === 'a') deciding.ask('approve', [approval]);
    if (key === 'r') deciding.ask('reject', [approval]);
  }, deciding.is_asking);
  return (
    <>
      {approval.may_withdraw && <Button onClick={askBack}>{t('approvals.withdraw')}</Button>}
      {approval.may_decide && (
        <>
          <Button danger icon={<X size={15} />} onClick={() => deciding.ask('reject', [approval])}>
            {t('approvals.reject')}
          </Button>
          <Button
            type="primary"
            icon={<Check size={15} />}
            onClick={() => deciding.ask('approve', [approval])}
          >
            {t('approvals.approve')}
          </Button>
        </>
      )}
      {deciding.dialog}
    </>
  );
}

function Facts({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation();
  const name = useCode();
  const seesCardholders = useCan('cardholders:read');
  const { cardholder_id, subject_name, subject_no } = approval;
  const subject = [subject_name, subject_no].filter(Boolean).join(' · ') || '—';
  const impact = Object.entries(approval.impact as Record<string, number>);
  const rows: [string, ReactNode][] = [
    [
      t('approvals.subject'),
      cardholder_id && seesCardholders ? (
        <Link key="subject" className="link" to="/cardholders/$cardholder_id" params={{ cardholder_id }}>
          {subject}
        </Link>
      ) : (
        subject
      ),
    ],
    [t('approvals.maker'), approval.maker_name],
    [t('approvals.evidence'), approval.evidence_note ?? t('approvals.no_evidence')],
    [
      t('approvals.impact_label'),
      impact.map(([what, n]) => `${name('approvals.impact', what)} ${count(n)}`).join(' · '),
    ],
    [
      t('approvals.needed'),
      <span key="needed" className="num">
        {approval.approvals_given} / {approval.approvals_needed}
      </span>,
    ],
    [
      t('approvals.created_at'),
      <span key="at" className="num">
        {dateTime(approval.created_at)}
      </span>,
    ],
    [
      t('approvals.expires_at'),
      <span key="until" className="num">
        {dateTime(approval.expires_at)}
      </span>,
    ],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value)
        .map(([key, value]) => (
          <div key={key} className="fact">
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Decisions({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation();
  if (approval.decisions.length === 0) return <p className="muted">{t('approvals.no_decisions')}</p>;
  return (
    <ol className="timeline">
      {approval.decisions.map((line) => (
        <li key={line.checker_id}>
          <i aria-hidden />
          <b>
            {line.checker_name ?? '—'}{' '}
            <Pill tone={line.decision === 'approve' ? 'ok' : 'danger'}>
              {t(`code.decision.${line.decision}`)}
            </Pill>
          </b>
          <small className="num">{dateTime(line.decided_at)}</small>
          {line.comment && <small>{line.comment}</small>}
        </li>
      ))}
    </ol>
  );
}
