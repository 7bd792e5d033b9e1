import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchId } from '@/lib/url-state';
import { parseListSearch } from './list-search';

const READ = { permission: 'cardholders:read' } as const;
const WRITE = { permission: 'cardholders:write' } as const;

/** Its page is put together by the application. */
export const cardholderListRoute = {
  path: '/cardholders',
  validateSearch: parseListSearch,
  staticData: READ,
} as const;

export const cardholderCreateRoute = {
  path: '/cardholders/new',
  staticData: WRITE,
  component: lazyRouteComponent(() => import('./create.page'), 'CreatePage'),
} as const;

export const cardholderEditRoute = {
  path: '/cardholders/$cardholder_id/edit',
  staticData: WRITE,
  component: lazyRouteComponent(() => import('./edit.page'), 'EditPage'),
} as const;

export const cardholderMergeRoute = {
  path: '/cardholders/$cardholder_id/merge',
  validateSearch: (raw: Record<string, unknown>): { absorbed_id?: string } => ({
    absorbed_id: searchId(raw, 'absorbed_id'),
  }),
  staticData: WRITE,
  component: lazyRouteComponent(() => withWords('merges', () => import('./merge.page')), 'MergePage'),
} as const;
