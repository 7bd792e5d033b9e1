import { Button } from 'antd';
import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '@/api/client';
import { dateTime } from '@/lib/dates';
import { Pill } from './pill';

export type OpenSession = Answer<'/api/v1/sessions', 'get'>['items'][number];

/** Where somebody is signed in: on what, from where, since when. */
export function SessionLines({
  sessions,
  onEnd,
}: {
  sessions: OpenSession[];
  onEnd: (session: OpenSession) => void;
}) {
  const { t } = useTranslation();
  return (
    <ul className="lines">
      {sessions.map((session) => {
        const device = session.device ?? t('security.unknown_device');
        const times = { at: dateTime(session.created_at), used: dateTime(session.last_used_at) };
        return (
          <li key={session.session_id}>
            <MonitorSmartphone size={16} color="var(--text-3)" aria-hidden />
            <div className="grow">
              <b translate="no">{device}</b> <small className="muted num">{session.ip}</small>
              <br />
              <small className="muted num">{t('security.since', times)}</small>
            </div>
            {session.is_current ? (
              <Pill tone="ok" has_dot>
                {t('security.current')}
              </Pill>
            ) : (
              <Button
                size="small"
                aria-label={t('security.end_of', { device })}
                onClick={() => onEnd(session)}
              >
                {t('security.end')}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
