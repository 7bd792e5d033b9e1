import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
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
  component: lazyRouteComponent(() => withWords('permissions', () => import('./access.page')), 'AccessPage'),
} as const;
