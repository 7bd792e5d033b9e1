import './accounts.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  CreditCard,
  HandCoins,
  Landmark,
  type LucideIcon,
  PiggyBank,
  Vault,
  WalletCards,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe, useSees } from '@/api/session';
import { ledger } from '@/lib/money';
import { useLang } from '@/lib/prefs';
import { Empty } from '@/ui/empty';
import { Money } from '@/ui/money';
import { Panel } from '@/ui/page';
import { Pill, type Tone } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import { Skeleton } from '@/ui/skeleton';
import { CardLine } from './card-line';
import { type Account, accountsQuery, type Card, cardsQuery } from './queries';

const ICONS: Record<Account['kind'], [LucideIcon, Tone]> = {
  current: [Landmark, 'plain'],
  savings: [PiggyBank, 'ok'],
  deposit: [Vault, 'ok'],
  credit_card: [CreditCard, 'primary'],
  loan: [HandCoins, 'warn'],
};

const STATUS_TONES: Record<Account['status'], Tone> = {
  active: 'ok',
  dormant: 'warn',
  frozen: 'danger',
  closed: 'plain',
};

/** Every account the person owns or may use, each with its cards. */
export function AccountsPanel({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const accounts = useQuery(accountsQuery(cardholder_id));
  const cards = useQuery(cardsQuery(cardholder_id));
  return (
    <Panel
      title={t('accounts.title')}
      sub={accounts.data && <span className="num">{accounts.data.length}</span>}
      is_flush
    >
      <QueryState query={accounts}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={WalletCards} title={t('accounts.empty')} is_small />
          ) : (
            <>
              <ul className="accounts">
                {list.map((account) => (
                  <AccountItem
                    key={account.account_id}
                    account={account}
                    cards={cards.data?.filter((card) => card.account_id === account.account_id) ?? []}
                    cardholder_id={cardholder_id}
                  />
                ))}
              </ul>
              {cards.data === undefined && (
                <section className="account" aria-label={t('accounts.cards')}>
                  <small>{t('accounts.cards')}</small>
                  <QueryState query={cards} skeleton={<Skeleton height={34} />}>
                    {() => null}
                  </QueryState>
                </section>
              )}
            </>
          )
        }
      </QueryState>
    </Panel>
  );
}

export function useProductName(): (item: { product_name_zh: string; product_name_en: string }) => string {
  const lang = useLang();
  return (item) => (lang === 'zh-CN' ? item.product_name_zh : item.product_name_en);
}

function AccountItem({
  account,
  cards,
  cardholder_id,
}: {
  account: Account;
  cards: Card[];
  cardholder_id: string;
}) {
  const { t } = useTranslation();
  const productName = useProductName();
  const [Icon, tone] = ICONS[account.kind];
  const others = account.parties.filter((party) => party.party_cardholder_id !== cardholder_id);
  return (
    <li className="account">
      <div className="account-head">
        <span className={`account-icon is-${tone}`}>
          <Icon size={17} aria-hidden />
        </span>
        <div className="grow">
          <b>
            {productName(account)}
            {account.status !== 'active' && (
              <Pill tone={STATUS_TONES[account.status]}>{t(`code.account_status.${account.status}`)}</Pill>
            )}
            {account.access !== 'owner' && <Pill tone="violet">{t(`code.access.${account.access}`)}</Pill>}
          </b>
          <small className="num">
            {account.account_no} · {t('accounts.opened_on', { on: account.opened_on })}
            {account.closed_on && ` · ${t('accounts.closed_on', { on: account.closed_on })}`}
          </small>
        </div>
        <AccountFigure account={account} />
      </div>
      {account.access !== 'owner' && <OwnerLink account={account} />}
      {others.length > 0 && (
        <p className="account-parties">
          {t('accounts.parties', {
            names: others.map((party) => party.name ?? t('common.unnamed')).join(', '),
          })}
        </p>
      )}
      {cards.length > 0 && (
        <ul className="account-cards">
          {cards.map((card) => (
            <CardLine key={card.card_id} card={card} cardholder_id={cardholder_id} />
          ))}
        </ul>
      )}
    </li>
  );
}

/**
 * What moves on an account of somebody else is told on its owner's page, for those whose reach covers the owner: of
 * one out of reach the server withholds every amount, even from roles that are shown amounts.
 */
function OwnerLink({ account }: { account: Account }) {
  const { t } = useTranslation();
  const reachesAll = useMe().scope === 'bank';
  const seesAmounts = useSees('financial');
  const seesTransactions = useCan('transactions:read');
  if (!reachesAll && !(seesAmounts && account.withheld.length === 0)) return null;
  return (
    <p className="account-parties">
      <Link
        className="link"
        to="/cardholders/$cardholder_id"
        params={{ cardholder_id: account.owner_cardholder_id }}
        search={seesTransactions ? { account_id: account.account_id } : {}}
      >
        {t(seesTransactions ? 'accounts.owner_transactions' : 'accounts.owner')}
      </Link>
    </p>
  );
}

/** A deposit shows what is there, a credit card what is used of its line. */
function AccountFigure({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { balance_minor, available_minor, credit_limit_minor, currency } = account;
  if (balance_minor === null) return <small className="muted">{t('accounts.withheld')}</small>;
  const isCredit = account.kind === 'credit_card' && credit_limit_minor !== null && available_minor !== null;
  const note = isCredit
    ? `${t('accounts.limit', { amount: ledger(credit_limit_minor, currency) })} · ${t('accounts.available', { amount: ledger(available_minor, currency) })}`
    : t(`code.account_kind.${account.kind}`);
  return (
    <div className="account-figure">
      <b>
        <Money minor={balance_minor} currency={currency} />
      </b>
      <small className="num">{note}</small>
    </div>
  );
}
