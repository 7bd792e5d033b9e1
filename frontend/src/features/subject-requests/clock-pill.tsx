import { useTranslation } from 'react-i18next';
import { Pill, type Tone } from '@/ui/pill';
import type { SubjectRequest } from './queries';

/** Below this the clock is amber. */
const SOON_DAYS = 7;

/** How much time is left, or how it ended. */
export function ClockPill({ request }: { request: SubjectRequest }) {
  const { t } = useTranslation();
  const { status, days_left } = request;
  if (status !== 'open')
    return <Pill tone={status === 'done' ? 'ok' : 'slate'}>{t(`law.request.status.${status}`)}</Pill>;
  const tone: Tone = days_left < 0 ? 'danger' : days_left < SOON_DAYS ? 'warn' : 'plain';
  return (
    <Pill tone={tone} has_dot={tone !== 'plain'}>
      <span className="num">
        {days_left < 0
          ? t('law.request.overdue', { n: -days_left })
          : t('law.request.left', { n: days_left })}
      </span>
    </Pill>
  );
}
