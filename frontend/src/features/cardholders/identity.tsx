import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '@/ui/avatar';
import { Pill } from '@/ui/pill';
import { LIFECYCLE_TONES } from './codes';
import type { FoundBy, Lifecycle } from './queries';

/** How a cardholder is named in a list, and what a search found them by when it was not the name. */
export function IdentityLink(props: {
  cardholder_id: string;
  customer_no: string;
  name: string | null;
  matched_by?: FoundBy;
}) {
  const { t } = useTranslation();
  const { cardholder_id, customer_no, name, matched_by } = props;
  const found = matched_by && matched_by !== 'name' && t(`code.found_by.${matched_by}`);
  return (
    <Link to="/cardholders/$cardholder_id" params={{ cardholder_id }} className="who">
      <Avatar name={name} size={30} />
      <span>
        <b>{name ?? t('common.unnamed')}</b>
        <small className="num">{[customer_no, found].filter(Boolean).join(' · ')}</small>
      </span>
    </Link>
  );
}

export function LifecyclePill({ value }: { value: Lifecycle }) {
  const { t } = useTranslation();
  return (
    <Pill tone={LIFECYCLE_TONES[value]} has_dot>
      {t(`code.lifecycle.${value}`)}
    </Pill>
  );
}
