import { useTranslation } from 'react-i18next';
import { dayOf, timeOf } from '@/lib/dates';
import { Pill } from '@/ui/pill';
import { type Grant, isOpen } from './queries';

/** Open until when, or over since when. */
export function GrantState({ grant }: { grant: Grant }) {
  const { t } = useTranslation();
  const isSameDay = dayOf(grant.ends_at) === dayOf(grant.granted_at);
  const at = isSameDay ? timeOf(grant.ends_at) : `${dayOf(grant.ends_at).slice(5)} ${timeOf(grant.ends_at)}`;
  return isOpen(grant, new Date()) ? (
    <Pill tone="primary" has_dot>
      {t('desk.break_glass.until', { at })}
    </Pill>
  ) : (
    <Pill>{t('desk.break_glass.ended', { at })}</Pill>
  );
}

export function VerdictPill({ verdict }: { verdict: Grant['verdict'] }) {
  const { t } = useTranslation();
  if (verdict === null)
    return (
      <Pill tone="warn" has_dot>
        {t('desk.break_glass.pending')}
      </Pill>
    );
  return (
    <Pill tone={verdict === 'justified' ? 'ok' : 'danger'} has_dot>
      {t(`code.verdict.${verdict}`)}
    </Pill>
  );
}
