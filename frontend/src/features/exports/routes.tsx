import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchId, searchOneOf, searchText, withoutEmpty } from '@/lib/url-state';
import { LISTS, type List } from './codes';

export interface ExportsSearch {
  /** What is to be exported: the dialog is open. */
  list?: List;
  cardholder_id?: string;
  /** The list's filter, as JSON. */
  query?: string;
  /** An export that is looked at. */
  open?: string;
}

export const exportsRoute = {
  path: '/exports',
  validateSearch: (raw: Record<string, unknown>): ExportsSearch =>
    withoutEmpty({
      list: searchOneOf(raw, 'list', LISTS),
      cardholder_id: searchId(raw, 'cardholder_id'),
      query: searchText(raw, 'query'),
      open: searchId(raw, 'open'),
    }),
  staticData: { permission: 'exports:run' },
  component: lazyRouteComponent(() => withWords('exports', () => import('./exports.page')), 'ExportsPage'),
} as const;
