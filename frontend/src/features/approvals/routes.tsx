import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchOneOf, withoutEmpty } from '@/lib/url-state';
import { APPROVAL_OPERATIONS, APPROVAL_SHARES, APPROVAL_STATUSES, type ApprovalsSearch } from './search';

export const approvalsRoute = {
  path: '/approvals',
  validateSearch: (raw: Record<string, unknown>): ApprovalsSearch =>
    withoutEmpty({
      share: searchOneOf(raw, 'share', APPROVAL_SHARES),
      status: searchOneOf(raw, 'status', APPROVAL_STATUSES),
      operation: searchOneOf(raw, 'operation', APPROVAL_OPERATIONS),
    }),
  staticData: { permission: 'approvals:read' },
  component: lazyRouteComponent(() => import('./approvals.page'), 'ApprovalsPage'),
} as const;

export const approvalRoute = {
  path: '/approvals/$approval_id',
  staticData: { permission: 'approvals:read' },
  // A request for an export is told in the exports' own words.
  component: lazyRouteComponent(
    () => withWords(['exports', 'organisation'], () => import('./approval.page')),
    'ApprovalPage',
  ),
} as const;
