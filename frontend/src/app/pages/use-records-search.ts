import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { TransactionSearch } from '@/features/transactions/filter';
import { withoutEmpty } from '@/lib/url-state';
import type { Tab } from './cardholder-route';

const route = getRouteApi('/shell/cardholders/$cardholder_id');

/** The record's tab, if one is asked for, and its transaction filters, in the address. */
export function useRecordsSearch() {
  const search = route.useSearch();
  const { cardholder_id } = route.useParams();
  const navigate = useNavigate();
  const go = useCallback(
    (next: TransactionSearch & { tab?: Tab }) =>
      void navigate({
        to: '/cardholders/$cardholder_id',
        params: { cardholder_id },
        search: next,
        replace: true,
        resetScroll: false,
      }),
    [navigate, cardholder_id],
  );
  const filters = useMemo((): TransactionSearch => {
    const { tab: _, ...rest } = search;
    return withoutEmpty(rest);
  }, [search]);
  return {
    tab: search.tab,
    search: filters,
    openTab: (next: Tab) => go({ ...filters, tab: next === 'transactions' ? undefined : next }),
    change: (patch: Partial<TransactionSearch>) => go({ ...filters, ...patch }),
    clear: () => go({}),
    /** From a figure to the transactions behind it, in view. */
    showTransactions: (next: TransactionSearch) => {
      go(next);
      document.getElementById('records')?.scrollIntoView({ behavior: 'smooth', block: 'start' });
    },
  };
}
