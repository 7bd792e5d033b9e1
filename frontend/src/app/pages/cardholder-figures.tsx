import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { bankNow, useCan } from '@/api/session';
import { creditUse, deposits } from '@/features/accounts/figures';
import { type Account, accountsQuery } from '@/features/accounts/queries';
import { statementsQuery } from '@/features/billing/queries';
import { pastDueDays } from '@/features/billing/statement-state';
import type { Cardholder } from '@/features/cardholders/queries';
import { spentMinor } from '@/features/transactions/flows';
import { type Spending, spendingQuery } from '@/features/transactions/queries';
import { ago, dateTime } from '@/lib/dates';
import { compact } from '@/lib/money';
import { count, percent } from '@/lib/number';
import { useLang } from '@/lib/prefs';
import { CompactMoney } from '@/ui/money';
import { Pill } from '@/ui/pill';
import { Skeleton } from '@/ui/skeleton';
import { Stat } from '@/ui/stat';

/** The four figures asked for first. */
export function StatStrip({ cardholder: { cardholder_id } }: { cardholder: Cardholder }) {
  const seesTransactions = useCan('transactions:read');
  const accounts = useQuery(accountsQuery(cardholder_id));
  const spending = useQuery({ ...spendingQuery(cardholder_id), enabled: seesTransactions });
  return (
    <div className="stats record-stats">
      <AccountStats accounts={accounts.data} is_pending={accounts.isPending} />
      {seesTransactions && <SpendingStats spending={spending.data} is_pending={spending.isPending} />}
    </div>
  );
}

function AccountStats({ accounts, is_pending }: { accounts?: Account[]; is_pending: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const waiting = is_pending ? <Skeleton height={22} width={110} /> : '—';
  const [first, ...others] = deposits(accounts ?? []);
  const credit = creditUse(accounts ?? []);
  const more = others.map((sum) => compact(sum.minor, sum.currency, lang)).join(' · ');
  return (
    <>
      <Stat
        label={t('cardholders.detail.balance')}
        value={first ? <CompactMoney minor={first.minor} currency={first.currency} /> : waiting}
        note={
          more ||
          (first && t('cardholders.detail.balance_note', { n: first.accounts })) ||
          t('cardholders.detail.none')
        }
      />
      <Stat
        label={t('cardholders.detail.credit')}
        value={
          credit ? (
            <span className={credit.share > 0.8 ? 'is-high' : ''}>{percent(credit.share)}</span>
          ) : (
            waiting
          )
        }
        note={
          credit
            ? t('cardholders.detail.credit_note', {
                used: compact(credit.used_minor, credit.currency, lang),
                limit: compact(credit.limit_minor, credit.currency, lang),
              })
            : t('cardholders.detail.credit_none')
        }
      />
    </>
  );
}

function SpendingStats({ spending, is_pending }: { spending?: Spending; is_pending: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const waiting = is_pending ? <Skeleton height={22} width={110} /> : '—';
  const last = spending?.last_activity_at;
  return (
    <>
      <Stat
        label={
          spending?.is_past
            ? t('cardholders.detail.spent_until', { on: spending.as_of })
            : t('cardholders.detail.spent')
        }
        value={
          spending ? <CompactMoney minor={spentMinor(spending)} currency={spending.currency} /> : waiting
        }
        note={
          spending && spending.out_count > 0
            ? t('cardholders.detail.spent_note', {
                n: count(spending.out_count),
                ticket:
                  spending.average_ticket_minor === null
                    ? '—'
                    : compact(spending.average_ticket_minor, spending.currency, lang),
              })
            : t('cardholders.detail.none')
        }
      />
      <Stat
        label={t('cardholders.detail.last_activity')}
        value={last ? ago(last, bankNow(), lang) : waiting}
        note={last ? <span className="num">{dateTime(last)}</span> : t('cardholders.detail.none')}
      />
    </>
  );
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
