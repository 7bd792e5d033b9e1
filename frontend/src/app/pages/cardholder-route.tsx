import { lazyRouteComponent } from '@tanstack/react-router';
import { parseTransactionSearch, type TransactionSearch } from '@/features/transactions/filter';
import { withWords } from '@/lib/i18n';
import { searchOneOf } from '@/lib/url-state';

export const TABS = [
  'transactions',
  'statements',
  'repayments',
  'loans',
  'standing_orders',
  'consents',
  'access_log',
] as const;
export type Tab = (typeof TABS)[number];

export interface CardholderSearch extends TransactionSearch {
  tab?: Tab;
}

/** The 360 page is put together here: its parts belong to features that do not know each other. */
export const cardholderRoute = {
  path: '/cardholders/$cardholder_id',
  validateSearch: (raw: Record<string, unknown>): CardholderSearch => ({
    ...parseTransactionSearch(raw),
    tab: searchOneOf(raw, 'tab', TABS),
  }),
  staticData: { permission: 'cardholders:read' },
  component: lazyRouteComponent(
    () => withWords(['accounts', 'merges', 'system', 'transactions'], () => import('./cardholder.page')),
    'CardholderPage',
  ),
} as const;
