import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { Pill } from '@/ui/pill';
import type { Consent } from './queries';

/** Every yes and every taking back, newest first, with who wrote it down and what proves it. */
export function ConsentHistory({ rows }: { rows: Consent[] }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('law.consents.history')}>
      <h3>{t('law.consents.history')}</h3>
      {rows.length === 0 && <p className="muted">{t('law.consents.history_empty')}</p>}
      <ol className="timeline">
        {rows.map((row) => (
          <li key={row.consent_id}>
            <i aria-hidden />
            <b>
              {t(`law.purpose.${row.purpose}`)} · {t(`law.channel.${row.channel}`)}{' '}
              <Pill tone={row.decision === 'granted' ? 'ok' : 'warn'}>{t(`law.state.${row.decision}`)}</Pill>
            </b>
            <small className="num">
              {dateTime(row.recorded_at)} · {row.staff_name ?? t('law.consents.by_system')}
            </small>
            <small>
              {[
                t(`law.evidence.${row.evidence}`),
                row.text_version === null ? null : t('law.consents.version', { n: row.text_version }),
                row.evidence_note,
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
