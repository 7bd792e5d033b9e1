import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { merchantCategoriesQuery } from '@/api/reference';
import { countryName } from '@/lib/countries';
import { dateTimeSeconds } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { useLang } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { Money, Movement } from '@/ui/money';
import { StatusPill } from './columns';
import type { AccountOption } from './filters';
import { partyOf } from './party';
import type { Transaction } from './queries';

interface DetailProps {
  transaction: Transaction | null;
  accounts: AccountOption[];
  onClose: () => void;
}

/** Everything recorded of one movement, beside the list it came from. */
export function TransactionDetail({ transaction, accounts, onClose }: DetailProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  return (
    <Drawer
      open={transaction !== null}
      onClose={onClose}
      title={t('transactions.detail.title')}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 420}
    >
      {transaction && (
        <div className="stack">
          <div className="transaction-head">
            <p>
              {partyOf(transaction, t)} <StatusPill status={transaction.status} t={t} />
            </p>
            <b>
              <Movement
                minor={transaction.amount_minor}
                currency={transaction.currency}
                direction={transaction.direction}
              />
            </b>
          </div>
          <Facts transaction={transaction} accounts={accounts} />
        </div>
      )}
    </Drawer>
  );
}

function Facts({ transaction: x, accounts }: { transaction: Transaction; accounts: AccountOption[] }) {
  const { t } = useTranslation();
  const code = useCode();
  const lang = useLang();
  const categories = useQuery({ ...merchantCategoriesQuery, enabled: x.mcc !== null }).data;
  const category = categories?.find(({ mcc }) => mcc === x.mcc);
  const time = (instant: string | null) => instant && <span className="num">{dateTimeSeconds(instant)}</span>;
  const place = [x.country && countryName(x.country, lang), x.city].filter(Boolean).join(' · ');
  const label = 'transactions.detail' as const;
  const rows: [string, ReactNode][] = [
    [t(`${label}.occurred_at`), time(x.occurred_at)],
    [t(`${label}.posted_at`), time(x.posted_at)],
    [t('transactions.column.kind'), t(`code.transaction_kind.${x.kind}`)],
    [t('transactions.column.channel'), x.channel && t(`code.channel.${x.channel}`)],
    [t('transactions.column.group'), x.mcc_group && t(`code.mcc_group.${x.mcc_group}`)],
    [t(`${label}.merchant`), x.merchant_name],
    [
      t(`${label}.mcc`),
      x.mcc && `${x.mcc} ${category ? (lang === 'zh-CN' ? category.name_zh : category.name_en) : ''}`,
    ],
    [t(`${label}.place`), place],
    [t(`${label}.counterparty`), x.counterparty_name],
    [t(`${label}.counterparty_bank`), x.counterparty_bank],
    [t(`${label}.counterparty_account`), x.counterparty_account],
    [t(`${label}.purpose`), x.purpose && code('standing_order_purpose', x.purpose)],
    [
      t(`${label}.balance_after`),
      x.balance_after_minor !== null && <Money minor={x.balance_after_minor} currency={x.currency} />,
    ],
    [t(`${label}.account`), accounts.find(({ account_id }) => account_id === x.account_id)?.label],
    [t(`${label}.reversal_of`), time(x.reversal_of_at)],
    [t('transactions.column.amount'), x.is_rounded && t(`${label}.rounded`)],
    [t(`${label}.source`), code('source', x.source)],
    [t(`${label}.id`), <code key="id">{x.transaction_id}</code>],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
