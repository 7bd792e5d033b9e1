import type { LinkProps } from '@tanstack/react-router';
import type { Me } from '@/api/session';
import { dayOf } from '@/lib/dates';

type Target = Pick<LinkProps, 'to' | 'search'>;

/** Where a figure's rows can be seen; only where a list with exactly those rows exists. */
export function cardLink(code: string, me: Me, now: Date = new Date()): Target | undefined {
  const month = `${me.business_on.slice(0, 7)}-01`;
  // The trail's figures go by the calendar's day, wherever the business day lies.
  const today = { day_from: dayOf(now), day_to: dayOf(now) };
  switch (code) {
    case 'my_cardholders':
      return { to: '/cardholders', search: { manager_id: me.staff_id, view: 'mine' } };
    case 'branch_cardholders':
      return { to: '/cardholders' };
    case 'opened_this_month':
      return { to: '/cardholders', search: { opened_from: month } };
    case 'dormant':
      return { to: '/cardholders', search: { lifecycle: 'dormant' } };
    case 'prospects':
      return { to: '/cardholders', search: { lifecycle: 'prospect' } };
    case 'staff_active':
      return { to: '/staff', search: { is_active: 'true' } };
    case 'jobs_failed':
      return { to: '/jobs', search: { status: 'failed' } };
    case 'jobs_running':
      return { to: '/jobs', search: { status: 'running' } };
    case 'branches_open':
      return { to: '/branches' };
    case 'sign_ins_refused':
      return { to: '/audit', search: { action: 'sessions.sign_in', outcome: 'refused', ...today } };
    case 'approvals_waiting':
      return { to: '/approvals', search: { share: 'to_decide' } };
    case 'audit_entries_today':
      return { to: '/audit', search: today };
    default:
      return undefined;
  }
}

export function listLink(code: string, me: Me): Target | undefined {
  if (code === 'recently_opened') return { to: '/cardholders', search: { sort: '-opened_on' } };
  return cardLink(code, me);
}
