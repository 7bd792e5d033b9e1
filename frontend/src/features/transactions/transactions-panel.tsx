import './transactions.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { ReceiptText } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMobile } from '@/lib/use-media';
import { DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ExportLink } from '@/ui/export-link';
import { ListEnd } from '@/ui/list-end';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { TransactionCards } from './cards';
import { transactionColumns } from './columns';
import { TransactionDetail } from './detail';
import { type TransactionSearch, toTransactionFilter } from './filter';
import { type AccountOption, TransactionFilters } from './filters';
import { type Transaction, transactionsQuery } from './queries';

const PAGE = 50;
/** On a phone more of the record follows below the list. */
const PHONE_PAGE = 15;

interface TransactionsPanelProps {
  cardholder_id: string;
  search: TransactionSearch;
  onChange: (patch: Partial<TransactionSearch>) => void;
  onClear: () => void;
  /** Their own: what moves on an account of somebody else is told on the owner's page. */
  accounts: AccountOption[];
}

/** A cardholder's movements, newest first, filtered by the address. */
export function TransactionsPanel({
  cardholder_id,
  search,
  onChange,
  onClear,
  accounts,
}: TransactionsPanelProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const [opened, setOpened] = useState<Transaction | null>(null);
  const pages = useInfiniteQuery(
    transactionsQuery(cardholder_id, toTransactionFilter(search), mobile ? PHONE_PAGE : PAGE),
  );
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const columns = useMemo(() => transactionColumns(t, setOpened), [t]);
  const close = useCallback(() => setOpened(null), []);
  const seesAmounts = !rows.some((row) => row.withheld.includes('amount_minor'));
  const isFiltered = Object.keys(search).length > 0;
  return (
    <>
      <TransactionFilters
        search={search}
        onChange={onChange}
        onClear={onClear}
        accounts={accounts}
        sees_amounts={seesAmounts}
        extra={
          <ExportLink list="transactions" cardholder_id={cardholder_id} query={toTransactionFilter(search)} />
        }
      />
      {pages.isPending ? (
        <RowsSkeleton />
      ) : pages.isError && rows.length === 0 ? (
        <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />
      ) : rows.length === 0 ? (
        <Empty
          icon={ReceiptText}
          is_small
          title={isFiltered ? t('transactions.empty_filtered') : t('transactions.empty')}
          hint={isFiltered ? t('transactions.empty_filtered_hint') : t('transactions.empty_hint')}
          action={isFiltered ? <Button onClick={onClear}>{t('common.clear_filters')}</Button> : undefined}
        />
      ) : mobile ? (
        <TransactionCards rows={rows} onOpen={setOpened} />
      ) : (
        <div className="transactions-table">
          <DataTable
            label={t('cardholders.detail.tab_transactions')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.transaction_id}
            onOpen={setOpened}
            is_stale={pages.isPlaceholderData}
          />
        </div>
      )}
      {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
      <TransactionDetail transaction={opened} accounts={accounts} onClose={close} />
    </>
  );
}
