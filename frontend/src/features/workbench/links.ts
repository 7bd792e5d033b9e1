import type { LinkProps } from '@tanstack/react-router';
import type { Me } from '@/api/session';

type Target = Pick<LinkProps, 'to' | 'search'>;

/** Where a figure's rows can be seen; only where a list with exactly those rows exists. */
export function cardLink(code: string, me: Me): Target | undefined {
  const month = `${me.business_on.slice(0, 7)}-01`;
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
      return { to: '/audit', search: { action: 'sessions.sign_in', day_from: me.business_on } };
    case 'approvals_waiting':
      return { to: '/approvals', search: { share: 'to_decide' } };
    case 'audit_entries_today':
      return { to: '/audit' };
    default:
      return undefined;
  }
}

export function listLink(code: string, me: Me): Target | undefined {
  if (code === 'recently_opened') return { to: '/cardholders', search: { sort: '-opened_on' } };
  return cardLink(code, me);
}
