import './cardholder.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { App } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { ReadOnly, useMayChange } from '@/api/read-only';
import { useCan } from '@/api/session';
import { AccountsPanel } from '@/features/accounts/accounts-panel';
import { WaitingBanner } from '@/features/approvals/waiting-banner';
import { BreakGlassOffer } from '@/features/break-glass/offer';
import { OpenedBanner } from '@/features/break-glass/opened-banner';
import { useOpenedBy } from '@/features/break-glass/use-opened-by';
import { ChangesPanel } from '@/features/cardholders/changes-panel';
import { ContactsPanel } from '@/features/cardholders/contacts-panel';
import { MergesBanner } from '@/features/cardholders/merges-banner';
import { ProfileActions, ProfileHeader } from '@/features/cardholders/profile-header';
import { ProfilePanel } from '@/features/cardholders/profile-panel';
import { type Cardholder, cardholderQuery } from '@/features/cardholders/queries';
import { CategoriesPanel, ChannelsPanel, MonthsPanel } from '@/features/transactions/spending-panels';
import { useTitle, withWords } from '@/lib/i18n';
import { useMobile } from '@/lib/use-media';
import { Crumbs } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { PageSkeleton } from '@/ui/skeleton';
import { useRecent } from '../recent';
import { PastDuePill, StatStrip } from './cardholder-figures';
import { Records } from './cardholder-records';
import { useRecordsSearch } from './use-records-search';

const ErasedBanner = lazy(() =>
  withWords('law', () => import('@/features/subject-requests/erased-banner')).then((module) => ({
    default: module.ErasedBanner,
  })),
);

const route = getRouteApi('/shell/cardholders/$cardholder_id');

export function CardholderPage() {
  const { cardholder_id } = route.useParams();
  const query = useQuery(cardholderQuery(cardholder_id));
  const survivor_id = survivorIn(query.error);
  if (survivor_id) return <Moved to={survivor_id} />;
  return (
    <QueryState query={query} skeleton={<PageSkeleton />} is_page offer={<BreakGlassOffer />}>
      {(cardholder) => <OpenedRecord key={cardholder_id} cardholder={cardholder} />}
    </QueryState>
  );
}

/** A record that was merged is met under the one that stands for it. */
function Moved({ to }: { to: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  useEffect(() => void message.info(t('merges.moved')), [message, t]);
  return <Navigate to="/cardholders/$cardholder_id" params={{ cardholder_id: to }} replace />;
}

const survivorIn = (error: unknown): string | undefined => {
  if (!isProblem(error, 'cardholders.absorbed')) return undefined;
  const { survivor_id } = error.params;
  return typeof survivor_id === 'string' ? survivor_id : undefined;
};

/** The record, for reading alone where it was opened in an emergency. */
function OpenedRecord({ cardholder }: { cardholder: Cardholder }) {
  const grant = useOpenedBy(cardholder.cardholder_id);
  return (
    <ReadOnly value={grant !== undefined}>
      <Record cardholder={cardholder} banner={grant && <OpenedBanner grant={grant} />} />
    </ReadOnly>
  );
}

function Record({ cardholder, banner }: { cardholder: Cardholder; banner?: ReactNode }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const remember = useRecent((recent) => recent.open);
  const mayWrite = useMayChange('cardholders:write');
  const mayChange = useMayChange('cardholders:lifecycle');
  const seesAccounts = useCan('accounts:read');
  const seesRequests = useCan('subject_requests:read');
  const name = cardholder.name ?? cardholder.customer_no;
  useTitle(name);
  useEffect(() => remember(cardholder), [remember, cardholder]);
  return (
    <div className="page">
      <Crumbs current={name}>
        <Link to="/cardholders">{t('cardholders.title')}</Link>
      </Crumbs>
      {banner}
      <section className="card" aria-label={name}>
        <ProfileHeader
          cardholder={cardholder}
          marks={<PastDuePill cardholder_id={cardholder.cardholder_id} />}
        />
        {seesAccounts && <StatStrip cardholder={cardholder} />}
      </section>
      {cardholder.name === null && seesRequests && (
        <Suspense>
          <ErasedBanner cardholder_id={cardholder.cardholder_id} />
        </Suspense>
      )}
      <LifecycleBanner cardholder={cardholder} />
      <WaitingBanner object_id={cardholder.cardholder_id} />
      <MergesBanner cardholder_id={cardholder.cardholder_id} />
      {mobile ? <PhoneColumn cardholder={cardholder} /> : <Columns cardholder={cardholder} />}
      {mobile && (mayWrite || mayChange) && (
        <div className="action-bar">
          <ProfileActions cardholder={cardholder} />
        </div>
      )}
    </div>
  );
}

function Columns({ cardholder }: { cardholder: Cardholder }) {
  const { cardholder_id } = cardholder;
  return (
    <div className="record-columns">
      <div className="stack">
        <MainPanels cardholder_id={cardholder_id} />
        <Records cardholder_id={cardholder_id} />
      </div>
      <div className="stack">
        <ProfilePanel cardholder={cardholder} />
        <ContactsPanel cardholder_id={cardholder_id} />
        <ChangesPanel cardholder={cardholder} />
      </div>
    </div>
  );
}

/** On a phone the contacts come first: whoever opens a record there is about to call. */
function PhoneColumn({ cardholder }: { cardholder: Cardholder }) {
  const { cardholder_id } = cardholder;
  return (
    <div className="stack record-columns is-single">
      <ContactsPanel cardholder_id={cardholder_id} />
      <MainPanels cardholder_id={cardholder_id} />
      <ProfilePanel cardholder={cardholder} />
      <Records cardholder_id={cardholder_id} />
      <ChangesPanel cardholder={cardholder} />
    </div>
  );
}

function MainPanels({ cardholder_id }: { cardholder_id: string }) {
  const seesAccounts = useCan('accounts:read');
  const seesTransactions = useCan('transactions:read');
  return (
    <>
      {seesAccounts && <AccountsPanel cardholder_id={cardholder_id} />}
      {seesTransactions && <SpendingPanels cardholder_id={cardholder_id} />}
    </>
  );
}

function SpendingPanels({ cardholder_id }: { cardholder_id: string }) {
  const { search, showTransactions } = useRecordsSearch();
  const [currency, setCurrency] = useState<string>();
  return (
    <>
      <MonthsPanel cardholder_id={cardholder_id} currency={currency} onCurrency={setCurrency} />
      <div className="record-pair">
        <CategoriesPanel
          cardholder_id={cardholder_id}
          currency={currency}
          onOpen={(mcc_group) => showTransactions({ mcc_group: mcc_group as typeof search.mcc_group })}
        />
        <ChannelsPanel
          cardholder_id={cardholder_id}
          currency={currency}
          onOpen={(channel) => showTransactions({ channel: channel as typeof search.channel })}
        />
      </div>
    </>
  );
}

function LifecycleBanner({ cardholder }: { cardholder: Cardholder }) {
  const { t } = useTranslation();
  if (cardholder.lifecycle !== 'closed' && cardholder.lifecycle !== 'deceased') return null;
  return (
    <p className="banner is-warn record-banner">
      {cardholder.lifecycle === 'closed'
        ? t('cardholders.detail.closed_banner')
        : t('cardholders.detail.deceased_banner')}
    </p>
  );
}
