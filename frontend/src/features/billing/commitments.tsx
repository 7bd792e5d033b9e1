import { useQuery } from '@tanstack/react-query';
import { HandCoins, Repeat } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Empty } from '@/ui/empty';
import { Pill, type Tone } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import { RecordList } from '@/ui/record-list';
import { RowsSkeleton } from '@/ui/skeleton';
import { Withheld } from '@/ui/withheld';
import { Amount } from './amount';
import { type Loan, loansQuery, standingOrdersQuery } from './queries';

const LOAN_TONES: Record<NonNullable<Loan['status']>, Tone> = {
  finished_paid: 'plain',
  finished_unpaid: 'danger',
  running_in_order: 'ok',
  running_in_debt: 'danger',
};

export function LoansTable({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const query = useQuery(loansQuery(cardholder_id));
  const label = 'transactions.loans' as const;
  return (
    <QueryState query={query} skeleton={<RowsSkeleton rows={3} />}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty icon={HandCoins} title={t(`${label}.empty`)} is_small />
        ) : (
          <RecordList
            label={t('cardholders.detail.tab_loans')}
            rows={rows}
            rowKey={(row) => row.loan_id}
            columns={[
              {
                key: 'granted',
                title: t(`${label}.granted_on`),
                width: 120,
                cell: (row) => <span className="num">{row.granted_on}</span>,
              },
              {
                key: 'amount',
                title: t(`${label}.amount`),
                is_end: true,
                cell: (row) => <Amount of={row} field="amount_minor" />,
              },
              {
                key: 'duration',
                title: t(`${label}.duration`),
                width: 110,
                is_end: true,
                cell: (row) => (
                  <span className="num">{t(`${label}.months`, { n: row.duration_months })}</span>
                ),
              },
              {
                key: 'payment',
                title: t(`${label}.payment`),
                is_end: true,
                cell: (row) => <Amount of={row} field="payment_minor" />,
              },
              {
                key: 'status',
                title: t(`${label}.status`),
                width: 140,
                is_card_head: true,
                cell: (row) =>
                  row.withheld.includes('status') ? (
                    <Withheld is_short />
                  ) : (
                    row.status && (
                      <Pill tone={LOAN_TONES[row.status]} has_dot>
                        {t(`code.loan_status.${row.status}`)}
                      </Pill>
                    )
                  ),
              },
            ]}
          />
        )
      }
    </QueryState>
  );
}

interface OrdersProps {
  cardholder_id: string;
  accountName: (account_id: string) => string;
}

export function StandingOrdersTable({ cardholder_id, accountName }: OrdersProps) {
  const { t } = useTranslation();
  const query = useQuery(standingOrdersQuery(cardholder_id));
  const label = 'transactions.standing_orders' as const;
  return (
    <QueryState query={query} skeleton={<RowsSkeleton rows={3} />}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty icon={Repeat} title={t(`${label}.empty`)} is_small />
        ) : (
          <RecordList
            label={t('cardholders.detail.tab_standing_orders')}
            rows={rows}
            rowKey={(row) => row.standing_order_id}
            columns={[
              {
                key: 'to',
                title: t(`${label}.to`),
                cell: (row) =>
                  row.withheld.includes('counterparty_account') ? (
                    <Withheld />
                  ) : (
                    <span className="num">
                      {row.counterparty_bank} {row.counterparty_account}
                    </span>
                  ),
              },
              {
                key: 'purpose',
                title: t(`${label}.purpose`),
                width: 150,
                cell: (row) =>
                  row.withheld.includes('purpose') ? (
                    <Withheld is_short />
                  ) : row.purpose ? (
                    t(`code.standing_order_purpose.${row.purpose}`)
                  ) : (
                    '—'
                  ),
              },
              { key: 'account', title: t(`${label}.account`), cell: (row) => accountName(row.account_id) },
              {
                key: 'amount',
                title: t(`${label}.amount`),
                width: 150,
                is_end: true,
                is_card_head: true,
                cell: (row) => <Amount of={row} field="amount_minor" />,
              },
            ]}
          />
        )
      }
    </QueryState>
  );
}
