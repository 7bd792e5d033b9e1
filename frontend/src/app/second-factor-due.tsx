import { Link } from '@tanstack/react-router';
import { ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { dateTime } from '@/lib/dates';

/** Tells whoever must have a second factor by when. */
export function SecondFactorDue() {
  const { t } = useTranslation();
  const { second_factor_due_at: due, second_factor_enrolled_at: since } = useMe();
  if (!due || since) return null;
  return (
    <div className="banner is-warn shell-notice" role="status">
      <ShieldAlert size={16} aria-hidden />
      <div className="grow">{t('security.due', { at: dateTime(due) })}</div>
      <Link className="link" to="/second-factor">
        {t('security.set_up')}
      </Link>
    </div>
  );
}
