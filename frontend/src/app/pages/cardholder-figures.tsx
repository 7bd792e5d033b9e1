import { type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bankNow, useCan } from '@/api/session';
import {
  areDepositsWithheld,
  creditUse,
  deposits,
  holdsCredit,
  isCreditWithheld,
} from '@/features/accounts/figures';
import { type Account, accountsQuery } from '@/features/accounts/queries';
import { statementsQuery } from '@/features/billing/queries';
import { pastDueDays } from '@/features/billing/statement-state';
import type { Cardholder } from '@/features/cardholders/queries';
import { isWithheld, spentMinor } from '@/features/transactions/flows';
import { type Spending, spendingQuery } from '@/features/transactions/queries';
import { ago, dateTime } from '@/lib/dates';
import { compact } from '@/lib/money';
import { count, percent } from '@/lib/number';
import { useLang } from '@/lib/prefs';
import { CompactMoney } from '@/ui/money';
import { Pill } from '@/ui/pill';
import { Skeleton } from '@/ui/skeleton';
import { Stat } from '@/ui/stat';
import { Withheld } from '@/ui/withheld';

/** The four figures asked for first. */
export function StatStrip({ cardholder: { cardholder_id } }: { cardholder: Cardholder }) {
  const seesTransactions = useCan('transactions:read');
  return (
    <div className="stats record-stats">
      <AccountStats cardholder_id={cardholder_id} />
      {seesTransactions && <SpendingStats cardholder_id={cardholder_id} />}
    </div>
  );
}

interface Figure {
  value: ReactNode;
  note?: ReactNode;
}

/** A figure that is on its way, that could not be had, that the role is not shown, or that is there. */
function FigureStat<T>({
  label,
  query,
  children,
}: {
  label: string;
  query: UseQueryResult<T>;
  children: (data: T) => Figure;
}) {
  const { t } = useTranslation();
  if (query.data !== undefined) return <Stat label={label} {...children(query.data)} />;
  if (!query.isError) return <Stat label={label} value={<Skeleton height={22} width={110} />} />;
  const retry = (
    <>
      {t('cardholders.detail.failed')}{' '}
      <button type="button" className="link" onClick={() => void query.refetch()}>
        {t('common.retry')}
      </button>
    </>
  );
  return <Stat label={label} value="—" note={retry} />;
}

function AccountStats({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery(cardholder_id));
  const balanceOf = useBalance();
  const creditOf = useCredit();
  return (
    <>
      <FigureStat label={t('cardholders.detail.balance')} query={accounts}>
        {balanceOf}
      </FigureStat>
      <FigureStat label={t('cardholders.detail.credit')} query={accounts}>
        {creditOf}
      </FigureStat>
    </>
  );
}

function useBalance(): (accounts: Account[]) => Figure {
  const { t } = useTranslation();
  const lang = useLang();
  return (accounts) => {
    if (areDepositsWithheld(accounts)) return { value: <Withheld /> };
    const [first, ...others] = deposits(accounts);
    if (!first) return { value: '—', note: t('cardholders.detail.none') };
    const more = others.map((sum) => compact(sum.minor, sum.currency, lang)).join(' · ');
    return {
      value: <CompactMoney minor={first.minor} currency={first.currency} />,
      note: more || t('cardholders.detail.balance_note', { n: first.accounts }),
    };
  };
}

function useCredit(): (accounts: Account[]) => Figure {
  const { t } = useTranslation();
  const lang = useLang();
  return (accounts) => {
    if (isCreditWithheld(accounts)) return { value: <Withheld /> };
    const credit = creditUse(accounts);
    if (!credit) {
      const note = holdsCredit(accounts) ? t('cardholders.detail.none') : t('cardholders.detail.credit_none');
      return { value: '—', note };
    }
    return {
      value: <span className={credit.share > 0.8 ? 'is-high' : ''}>{percent(credit.share)}</span>,
      note: t('cardholders.detail.credit_note', {
        used: compact(credit.used_minor, credit.currency, lang),
        limit: compact(credit.limit_minor, credit.currency, lang),
      }),
    };
  };
}

function SpendingStats({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const spending = useQuery(spendingQuery(cardholder_id));
  const spentOf = useSpent();
  const lastOf = ({ last_activity_at: last }: Spending): Figure =>
    last
      ? { value: ago(last, bankNow(), lang), note: <span className="num">{dateTime(last)}</span> }
      : { value: '—', note: t('cardholders.detail.none') };
  return (
    <>
      <FigureStat
        label={
          spending.data?.is_past
            ? t('cardholders.detail.spent_until', { on: spending.data.as_of })
            : t('cardholders.detail.spent')
        }
        query={spending}
      >
        {spentOf}
      </FigureStat>
      <FigureStat label={t('cardholders.detail.last_activity')} query={spending}>
        {lastOf}
      </FigureStat>
    </>
  );
}

function useSpent(): (spending: Spending) => Figure {
  const { t } = useTranslation();
  const lang = useLang();
  return (spending) => {
    const { out_count, average_ticket_minor, currency } = spending;
    if (isWithheld(spending))
      return { value: <Withheld />, note: t('transactions.spending.times', { n: count(out_count) }) };
    const ticket = average_ticket_minor === null ? '—' : compact(average_ticket_minor, currency, lang);
    return {
      value: <CompactMoney minor={spentMinor(spending)} currency={currency} />,
      note:
        out_count > 0
          ? t('cardholders.detail.spent_note', { n: count(out_count), ticket })
          : t('cardholders.detail.none'),
    };
  };
}

export function PastDuePill({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const seesAccounts = useCan('accounts:read');
  const { data } = useInfiniteQuery({ ...statementsQuery(cardholder_id), enabled: seesAccounts });
  const days = pastDueDays(data?.pages[0]?.items ?? []);
  if (days === 0) return null;
  return (
    <Pill tone="danger" has_dot>
      {t('cardholders.detail.past_due', { n: days })}
    </Pill>
  );
}
