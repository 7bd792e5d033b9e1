import { Link } from '@tanstack/react-router';
import { Checkbox } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import type { Approval } from './queries';
import { StatusPill } from './status-pill';

interface ApprovalRowProps {
  approval: Approval;
  is_active: boolean;
  is_selected: boolean;
  onSelect?: () => void;
}

/** One request: what, about whom, by whom, until when. */
export function ApprovalRow({ approval, is_active, is_selected, onSelect }: ApprovalRowProps) {
  const { t } = useTranslation();
  const name = useCode();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (is_active) row.current?.scrollIntoView?.({ block: 'nearest' });
  }, [is_active]);
  const operation = name('approvals.operation', approval.operation);
  const subject = approval.subject_name ?? approval.subject_no ?? '—';
  return (
    <li
      ref={row}
      className={`approval-row${is_active ? ' is-active' : ''}`}
      aria-current={is_active ? 'true' : undefined}
    >
      {onSelect && (
        <Checkbox
          checked={is_selected}
          disabled={!approval.may_decide}
          onChange={onSelect}
          aria-label={t('approvals.select', { operation, subject })}
        />
      )}
      <Link
        to="/approvals/$approval_id"
        params={{ approval_id: approval.approval_id }}
        className="approval-line"
      >
        <span className="approval-what">
          <b>{operation}</b>
          <small>
            {subject} <span className="num">{approval.subject_no}</span>
          </small>
        </span>
        <span className="approval-who">
          <span>{t('approvals.by', { name: approval.maker_name ?? '—' })}</span>
          <small>{approval.branch_name}</small>
        </span>
        <span className="approval-when">
          <span className="num">{dateTime(approval.created_at)}</span>
          <small className="num">
            {approval.status === 'pending'
              ? t('approvals.until', { at: dateTime(approval.expires_at) })
              : approval.ended_at && t('approvals.ended', { at: dateTime(approval.ended_at) })}
          </small>
        </span>
        <StatusPill approval={approval} />
      </Link>
    </li>
  );
}
