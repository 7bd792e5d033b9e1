import '@/ui/data-table.css';
import './subject-requests.css';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ClockPill } from './clock-pill';
import type { SubjectRequest } from './queries';

/** Requests by due date, each a link to its page. */
export function RequestList({ rows, label }: { rows: SubjectRequest[]; label: string }) {
  const { t } = useTranslation();
  return (
    <ul className="request-list" aria-label={label}>
      {rows.map((request) => (
        <li key={request.request_id}>
          <Link to="/subject_requests/$request_id" params={{ request_id: request.request_id }}>
            <span className="request-what">
              <b>{t(`code.subject_request_kind.${request.kind}`)}</b>
              <small>
                {request.subject_name ?? '—'} <span className="num">{request.customer_no}</span>
              </small>
            </span>
            <span className="request-when">
              <span className="num">{t('law.request.received', { on: request.received_on })}</span>
              <small className="num">{t('law.request.due', { on: request.due_on })}</small>
            </span>
            <span className="request-where muted">{request.branch_name}</span>
            <ClockPill request={request} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
