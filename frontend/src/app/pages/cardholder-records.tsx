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
import type { Tab } from './cardholder-route';
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

/** Transactions, statements, loans and standing orders: one card, one list at a time. */
export function Records({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const seesConsents = useCan('consents:read');
  const seesRequests = useCan('subject_requests:read');
  const seesAccessLog = useCan('access_log:read');
  const { tab, search, openTab, change, clear } = useRecordsSearch();
  const accounts = useAccountOptions(cardholder_id);
  const accountName = (id: string) => accounts.find(({ account_id }) => account_id === id)?.label ?? '—';
  const loans = useQuery(loansQuery(cardholder_id)).data?.length;
  const orders = useQuery(standingOrdersQuery(cardholder_id)).data?.length;
  const items: TabItem<Tab>[] = [
    { key: 'transactions', label: t('cardholders.detail.tab_transactions') },
    { key: 'statements', label: t('cardholders.detail.tab_statements') },
    { key: 'repayments', label: t('cardholders.detail.tab_repayments') },
    { key: 'loans', label: t('cardholders.detail.tab_loans'), count: loans },
    { key: 'standing_orders', label: t('cardholders.detail.tab_standing_orders'), count: orders },
    ...(seesConsents ? [{ key: 'consents' as const, label: t('cardholders.detail.tab_consents') }] : []),
    ...(seesAccessLog ? [{ key: 'access_log' as const, label: t('cardholders.detail.tab_access_log') }] : []),
  ];
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
            accounts={accounts}
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

/** Accounts by product and the end of their number, which tells two of one product apart. */
function useAccountOptions(cardholder_id: string) {
  const productName = useProductName();
  const accounts = useQuery(accountsQuery(cardholder_id)).data ?? [];
  return accounts.map((account) => ({
    account_id: account.account_id,
    currency: account.currency,
    label: `${productName(account)} ${account.account_no.slice(-4)}`,
  }));
}
