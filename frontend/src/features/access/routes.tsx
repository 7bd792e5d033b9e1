import { lazyRouteComponent } from '@tanstack/react-router';
import { searchOneOf, searchText, withoutEmpty } from '@/lib/url-state';

export interface AccessSearch {
  tab?: 'roles' | 'fields';
  q?: string;
}

export const accessRoute = {
  path: '/access',
  validateSearch: (raw: Record<string, unknown>): AccessSearch =>
    withoutEmpty({
      tab: searchOneOf(raw, 'tab', ['roles', 'fields'] as const),
      q: searchText(raw, 'q'),
    }),
  component: lazyRouteComponent(() => import('./access.page'), 'AccessPage'),
} as const;
