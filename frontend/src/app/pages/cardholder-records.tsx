import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { useProductName } from '@/features/accounts/accounts-panel';
import { accountsQuery } from '@/features/accounts/queries';
import { LoansTable, StandingOrdersTable } from '@/features/billing/commitments';
import { loansQuery, standingOrdersQuery } from '@/features/billing/queries';
import { RepaymentsTable, StatementsTable } from '@/features/billing/statements';
import { TransactionsPanel } from '@/features/transactions/transactions-panel';
import { withWords } from '@/lib/i18n';
import { PanelSkeleton } from '@/ui/skeleton';
import { type TabItem, TabPanel, Tabs } from '@/ui/tabs';
import { TABS, type Tab } from './cardholder-route';
import { useRecordsSearch } from './use-records-search';

const AccessLog = lazy(() =>
  withWords('system', () => import('@/features/audit/access-log')).then((module) => ({
    default: module.AccessLog,
  })),
);
const ConsentsPanel = lazy(() =>
  withWords('law', () => import('@/features/consents/consents-panel')).then((module) => ({
    default: module.ConsentsPanel,
  })),
);

const OwnRequests = lazy(() =>
  withWords('law', () => import('@/features/subject-requests/own-requests')).then((module) => ({
    default: module.OwnRequests,
  })),
);

/** Transactions, statements, loans and standing orders: one card, one list at a time, of those the role may read. */
export function Records({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const seesRequests = useCan('subject_requests:read');
  const { tab: asked, search, openTab, change, clear } = useRecordsSearch();
  const items = useTabs(cardholder_id);
  const accounts = useAccountOptions(cardholder_id);
  const accountName = (id: string) => accounts.find(({ account_id }) => account_id === id)?.label ?? '—';
  const tab = (items.find(({ key }) => key === asked) ?? items[0])?.key;
  if (!tab) return null;
  return (
    <section id="records" className="card records" aria-label={t('cardholders.detail.records')}>
      <Tabs
        id="records"
        label={t('cardholders.detail.records')}
        items={items}
        active={tab}
        onChange={openTab}
      />
      <TabPanel id="records" active={tab}>
        {tab === 'transactions' && (
          <TransactionsPanel
            cardholder_id={cardholder_id}
            search={search}
            onChange={change}
            onClear={clear}
            accounts={accounts.filter(({ is_own }) => is_own)}
          />
        )}
        {tab === 'statements' && <StatementsTable cardholder_id={cardholder_id} accountName={accountName} />}
        {tab === 'repayments' && <RepaymentsTable cardholder_id={cardholder_id} accountName={accountName} />}
        {tab === 'loans' && <LoansTable cardholder_id={cardholder_id} />}
        {tab === 'standing_orders' && (
          <StandingOrdersTable cardholder_id={cardholder_id} accountName={accountName} />
        )}
        {tab === 'consents' && (
          <Suspense fallback={<PanelSkeleton />}>
            <ConsentsPanel cardholder_id={cardholder_id} />
            {seesRequests && <OwnRequests cardholder_id={cardholder_id} />}
          </Suspense>
        )}
        {tab === 'access_log' && (
          <Suspense fallback={<PanelSkeleton />}>
            <AccessLog cardholder_id={cardholder_id} />
          </Suspense>
        )}
      </TabPanel>
    </section>
  );
}

/** The tabs whose lists the server would answer. */
function useTabs(cardholder_id: string): TabItem<Tab>[] {
  const { t } = useTranslation();
  const seesAccounts = useCan('accounts:read');
  const sees: Record<Tab, boolean> = {
    transactions: useCan('transactions:read'),
    statements: seesAccounts,
    repayments: seesAccounts,
    loans: seesAccounts,
    standing_orders: seesAccounts,
    consents: useCan('consents:read'),
    access_log: useCan('access_log:read'),
  };
  const counts: Partial<Record<Tab, number>> = {
    loans: useQuery({ ...loansQuery(cardholder_id), enabled: seesAccounts }).data?.length,
    standing_orders: useQuery({ ...standingOrdersQuery(cardholder_id), enabled: seesAccounts }).data?.length,
  };
  return TABS.filter((key) => sees[key]).map((key) => ({
    key,
    label: t(`cardholders.detail.tab_${key}`),
    count: counts[key],
  }));
}

/** Accounts by product and the end of their number, which tells two of one product apart. */
function useAccountOptions(cardholder_id: string) {
  const productName = useProductName();
  const seesAccounts = useCan('accounts:read');
  const accounts = useQuery({ ...accountsQuery(cardholder_id), enabled: seesAccounts }).data ?? [];
  return accounts.map((account) => ({
    account_id: account.account_id,
    currency: account.currency,
    is_own: account.access === 'owner',
    label: `${productName(account)} ${account.account_no.slice(-4)}`,
  }));
}
