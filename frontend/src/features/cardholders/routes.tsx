import { lazyRouteComponent } from '@tanstack/react-router';
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
