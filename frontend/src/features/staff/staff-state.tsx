import { useTranslation } from 'react-i18next';
import { Pill } from '@/ui/pill';
import type { Staff } from './queries';

export const isLocked = (staff: Staff): boolean =>
  staff.locked_until !== null && new Date(staff.locked_until) > new Date();

/** The one thing to know about an account: not opened so far, off, locked, never used, or in order. */
export function StaffState({ staff }: { staff: Staff }) {
  const { t } = useTranslation();
  if (!staff.is_active) {
    const isNew = staff.last_sign_in_at === null && staff.must_change_password;
    return <Pill>{t(isNew ? 'organisation.staff.not_opened' : 'organisation.staff.disabled')}</Pill>;
  }
  if (isLocked(staff))
    return (
      <Pill tone="danger" has_dot>
        {t('organisation.staff.locked')}
      </Pill>
    );
  if (staff.must_change_password)
    return (
      <Pill tone="warn" has_dot>
        {t('organisation.staff.must_change')}
      </Pill>
    );
  return (
    <Pill tone="ok" has_dot>
      {t('organisation.staff.active')}
    </Pill>
  );
}
