import './profile.css';
import { Button } from 'antd';
import { Combine, PencilLine, RefreshCcwDot } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { useMobile } from '@/lib/use-media';
import { Avatar } from '@/ui/avatar';
import { LinkButton } from '@/ui/link-button';
import { mayChangeLifecycle } from './codes';
import { LifecyclePill } from './identity';
import type { Cardholder } from './queries';

const LifecycleDialog = lazy(() =>
  import('./lifecycle-dialog').then((module) => ({ default: module.LifecycleDialog })),
);

interface ProfileHeaderProps {
  cardholder: Cardholder;
  /** Further pills, such as an overdue statement. */
  marks?: ReactNode;
}

/** Who this is, and what may be done about it; on a phone the actions stand at the thumb. */
export function ProfileHeader({ cardholder: c, marks }: ProfileHeaderProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const age = c.age_years ?? c.stated_age_years;
  const facts = [
    c.customer_no,
    c.gender && t(`code.gender.${c.gender}`),
    age !== null && t('cardholders.age_years', { n: age }),
    t('cardholders.opened', { on: c.opened_on }),
    c.branch_name,
    c.manager_name ?? t('cardholders.no_manager'),
  ];
  return (
    <header className="hero">
      <Avatar name={c.name} size={mobile ? 46 : 52} />
      <div className="grow">
        <h1>
          {c.name ?? t('common.unnamed')} <LifecyclePill value={c.lifecycle} /> {marks}
        </h1>
        <p className="num">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {!mobile && (
        <div className="row">
          <ProfileActions cardholder={c} />
        </div>
      )}
    </header>
  );
}

/** The record's actions: in the header, or in the phone's action bar. */
export function ProfileActions({ cardholder }: { cardholder: Cardholder }) {
  const { t } = useTranslation();
  const mayWrite = useMayChange('cardholders:write');
  const mayChange = useMayChange('cardholders:lifecycle') && mayChangeLifecycle(cardholder.lifecycle);
  const [changing, setChanging] = useState(false);
  return (
    <>
      {mayChange && (
        <Button icon={<RefreshCcwDot size={15} />} onClick={() => setChanging(true)}>
          {t('cardholders.lifecycle.change')}
        </Button>
      )}
      {mayWrite && (
        <LinkButton
          icon={<Combine size={15} />}
          to="/cardholders/$cardholder_id/merge"
          params={{ cardholder_id: cardholder.cardholder_id }}
        >
          {t('merges.action')}
        </LinkButton>
      )}
      {mayWrite && (
        <LinkButton
          is_primary
          icon={<PencilLine size={15} />}
          to="/cardholders/$cardholder_id/edit"
          params={{ cardholder_id: cardholder.cardholder_id }}
        >
          {t('common.edit')}
        </LinkButton>
      )}
      {changing && (
        <Suspense>
          <LifecycleDialog cardholder={cardholder} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}
