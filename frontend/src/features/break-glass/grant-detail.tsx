import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { useMobile } from '@/lib/use-media';
import { GrantState, VerdictPill } from './grant-state';
import { type GrantLine, isOpen } from './queries';
import { ReviewForm } from './review-form';

/** Who opened whose record, why, and what the reviewer says or said. */
export function GrantDetail({ grant, onClose }: { grant: GrantLine; onClose: () => void }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  return (
    <Drawer
      open
      onClose={onClose}
      title={t('desk.break_glass.detail')}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 460}
    >
      <Facts grant={grant} />
      {grant.is_reviewable && <ReviewForm grant_id={grant.grant_id} onDone={onClose} />}
    </Drawer>
  );
}

function Facts({ grant }: { grant: GrantLine }) {
  const { t } = useTranslation();
  const label = 'desk.break_glass' as const;
  const rows: [string, ReactNode][] = [
    [t(`${label}.who`), [grant.staff_name, grant.staff_branch_name].filter(Boolean).join(' · ')],
    [t(`${label}.customer_no`), <CustomerNo key="no" grant={grant} />],
    [t(`${label}.branch`), grant.branch_name],
    [t(`${label}.reason`), t(`code.break_glass_reason.${grant.reason}`)],
    [
      t(`${label}.granted_at`),
      <span key="at" className="num">
        {dateTime(grant.granted_at)}
      </span>,
    ],
    [t(`${label}.state`), <GrantState key="state" grant={grant} />],
    [t(`${label}.verdict`), <VerdictPill key="verdict" verdict={grant.verdict} />],
    [t(`${label}.reviewer`), grant.reviewer_name],
    [
      t(`${label}.reviewed_at`),
      grant.reviewed_at && <span className="num">{dateTime(grant.reviewed_at)}</span>,
    ],
    [t(`${label}.review_note`), grant.review_note],
  ];
  return (
    <>
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
      <p className="grant-note">{grant.note}</p>
    </>
  );
}

/** A way to the record for whoever may be able to read it: the reviewer, or its reader while it is open. */
function CustomerNo({ grant }: { grant: GrantLine }) {
  const me = useMe();
  const { customer_no, cardholder_id } = grant;
  const isOwn = grant.staff_id === me.staff_id;
  if (!customer_no) return null;
  if (isOwn && !isOpen(grant, new Date())) return <span className="num">{customer_no}</span>;
  return (
    <Link to="/cardholders/$cardholder_id" params={{ cardholder_id }} className="link num">
      {customer_no}
    </Link>
  );
}
