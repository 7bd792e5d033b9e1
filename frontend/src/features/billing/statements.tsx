import { useInfiniteQuery } from '@tanstack/react-query';
import { FileText, Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Pill } from '@/ui/pill';
import { ProblemState } from '@/ui/problem-alert';
import { RecordList } from '@/ui/record-list';
import { RowsSkeleton } from '@/ui/skeleton';
import { Withheld } from '@/ui/withheld';
import { Amount } from './amount';
import { repaymentsQuery, type Statement, statementsQuery } from './queries';
import { STATEMENT_TONES, statementState } from './statement-state';

interface RecordsProps {
  cardholder_id: string;
  /** The name of an account, for the column that says which. */
  accountName: (account_id: string) => string;
}

export function StatementsTable({ cardholder_id, accountName }: RecordsProps) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(statementsQuery(cardholder_id));
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  if (pages.isPending) return <RowsSkeleton rows={5} />;
  if (pages.isError && rows.length === 0)
    return <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />;
  if (rows.length === 0) return <Empty icon={FileText} title={t('transactions.statements.empty')} is_small />;
  const label = 'transactions.statements' as const;
  const several = new Set(rows.map((row) => row.account_id)).size > 1;
  const accountCell = (row: Statement) => accountName(row.account_id);
  return (
    <>
      <RecordList
        label={t('cardholders.detail.tab_statements')}
        rows={rows}
        rowKey={(row) => row.statement_id}
        columns={[
          {
            key: 'closed',
            title: t(`${label}.closed_on`),
            width: 110,
            cell: (row) => <span className="num">{row.closed_on}</span>,
          },
          ...(several ? [{ key: 'account', title: t(`${label}.account`), cell: accountCell }] : []),
          {
            key: 'billed',
            title: t(`${label}.billed`),
            width: 130,
            is_end: true,
            cell: (row) => <Amount of={row} field="billed_minor" />,
          },
          {
            key: 'minimum',
            title: t(`${label}.minimum`),
            width: 120,
            is_end: true,
            cell: (row) => <Amount of={row} field="minimum_due_minor" />,
          },
          {
            key: 'paid',
            title: t(`${label}.paid`),
            width: 130,
            is_end: true,
            cell: (row) => <Amount of={row} field="paid_minor" />,
          },
          {
            key: 'due',
            title: t(`${label}.due_on`),
            width: 116,
            cell: (row) => <span className="num">{row.due_on ?? '—'}</span>,
          },
          {
            key: 'state',
            title: t(`${label}.state`),
            width: 124,
            is_card_head: true,
            cell: (row) => <StatePill statement={row} />,
          },
        ]}
      />
      <ListEnd pages={pages} shown={rows.length} />
    </>
  );
}

function StatePill({ statement }: { statement: Statement }) {
  const { t } = useTranslation();
  const state = statementState(statement);
  if (statement.withheld.includes('billed_minor')) return <Withheld is_short />;
  if (state === null) return <span className="muted">—</span>;
  return (
    <Pill tone={STATEMENT_TONES[state]} has_dot>
      {state === 'past_due'
        ? t('transactions.statements.past_due', { n: statement.days_past_due })
        : t(`transactions.statements.${state}`)}
    </Pill>
  );
}

/** What was paid back; some sources know the month only. */
export function RepaymentsTable({ cardholder_id, accountName }: RecordsProps) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(repaymentsQuery(cardholder_id));
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  if (pages.isPending) return <RowsSkeleton rows={5} />;
  if (pages.isError && rows.length === 0)
    return <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />;
  if (rows.length === 0) return <Empty icon={Wallet} title={t('transactions.repayments.empty')} is_small />;
  const label = 'transactions.repayments' as const;
  return (
    <>
      <RecordList
        label={t('cardholders.detail.tab_repayments')}
        rows={rows}
        rowKey={(row) => row.repayment_id}
        columns={[
          {
            key: 'paid',
            title: t(`${label}.paid_on`),
            width: 140,
            cell: (row) => <span className="num">{row.paid_on ?? row.paid_in_month.slice(0, 7)}</span>,
          },
          { key: 'account', title: t(`${label}.account`), cell: (row) => accountName(row.account_id) },
          {
            key: 'amount',
            title: t(`${label}.amount`),
            width: 160,
            is_end: true,
            is_card_head: true,
            cell: (row) => <Amount of={row} field="amount_minor" />,
          },
        ]}
      />
      <ListEnd pages={pages} shown={rows.length} />
    </>
  );
}
