import './merge.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Crumbs, Page } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { PageSkeleton } from '@/ui/skeleton';
import { MergeChooser } from './merge-chooser';
import { MergeForm } from './merge-form';
import { type Cardholder, cardholderQuery } from './queries';

const route = getRouteApi('/shell/cardholders/$cardholder_id/merge');

/** Two records side by side, before somebody asks that they become one. */
export function MergePage() {
  const { cardholder_id } = route.useParams();
  const query = useQuery(cardholderQuery(cardholder_id));
  return (
    <QueryState query={query} skeleton={<PageSkeleton />} is_page>
      {(survivor) => <Merging key={cardholder_id} survivor={survivor} />}
    </QueryState>
  );
}

function Merging({ survivor }: { survivor: Cardholder }) {
  const { t } = useTranslation();
  const { absorbed_id } = route.useSearch();
  const navigate = useNavigate();
  const choose = (cardholder_id: string, absorbed_id: string | undefined) =>
    navigate({ to: '/cardholders/$cardholder_id/merge', params: { cardholder_id }, search: { absorbed_id } });
  const params = { cardholder_id: survivor.cardholder_id };
  const name = survivor.name ?? survivor.customer_no;
  return (
    <Page
      title={t('merges.title')}
      subtitle={t('merges.subtitle')}
      shape="narrow"
      crumbs={
        <Crumbs current={t('merges.title')}>
          <Link to="/cardholders">{t('cardholders.title')}</Link>
          <span aria-hidden>/</span>
          <Link to="/cardholders/$cardholder_id" params={params}>
            {name}
          </Link>
        </Crumbs>
      }
    >
      {absorbed_id === undefined ? (
        <MergeChooser survivor={survivor} onChoose={(id) => void choose(survivor.cardholder_id, id)} />
      ) : (
        <Chosen
          key={absorbed_id}
          survivor={survivor}
          absorbed_id={absorbed_id}
          onChange={() => void choose(survivor.cardholder_id, undefined)}
          onSwap={() => void choose(absorbed_id, survivor.cardholder_id)}
        />
      )}
    </Page>
  );
}

function Chosen(props: {
  survivor: Cardholder;
  absorbed_id: string;
  onChange: () => void;
  onSwap: () => void;
}) {
  const query = useQuery(cardholderQuery(props.absorbed_id));
  return <QueryState query={query}>{(absorbed) => <MergeForm {...props} absorbed={absorbed} />}</QueryState>;
}
