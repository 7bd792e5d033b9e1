import { lazyRouteComponent } from '@tanstack/react-router';
import { parseInboxSearch } from '@/features/work-items/search';

/** The inbox is put together here: what waits belongs to features that it does not know. */
export const inboxRoute = {
  path: '/inbox',
  validateSearch: parseInboxSearch,
  staticData: { permission: 'work_items:write' },
  component: lazyRouteComponent(() => import('./inbox.page'), 'InboxRoutePage'),
} as const;
