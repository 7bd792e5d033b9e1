import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { CodeSelect } from '@/ui/pickers';
import { Pill } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import { CHANNELS, CONTACT_PURPOSES, type ContactQuestion, contactDecisionQuery } from './queries';

/** May they be contacted now, and which rule says so. */
export function ContactCheck({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const name = useCode();
  const [question, setQuestion] = useState<ContactQuestion>({ channel: 'phone', purpose: 'service' });
  const query = useQuery(contactDecisionQuery(cardholder_id, question));
  return (
    <section aria-label={t('law.check.title')}>
      <h3>{t('law.check.title')}</h3>
      <div className="row consent-question">
        <CodeSelect
          aria-label={t('law.check.channel')}
          allowClear={false}
          values={CHANNELS}
          name={(value) => t(`law.channel.${value}`)}
          value={question.channel}
          onChange={(channel) => setQuestion({ ...question, channel })}
          style={{ minWidth: 120 }}
        />
        <CodeSelect
          aria-label={t('law.check.purpose')}
          allowClear={false}
          values={CONTACT_PURPOSES}
          name={(value) => t(`law.contact_purpose.${value}`)}
          value={question.purpose}
          onChange={(purpose) => setQuestion({ ...question, purpose })}
          style={{ minWidth: 160 }}
        />
      </div>
      <QueryState query={query}>
        {(decision) => (
          <div role="status" className="consent-decision">
            <Pill tone={decision.ruling === 'allow' ? 'ok' : 'danger'} has_dot>
              {t(`law.ruling.${decision.ruling}`)}
            </Pill>
            <ul className="lines">
              {decision.rules.map((rule) => (
                <li key={rule.rule} className={`is-${rule.ruling}`}>
                  {rule.ruling === 'allow' ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
                  <b>{name('law.rule', rule.rule)}</b>
                  <span>
                    {name('law.rule_reason', rule.reason)}
                    {rule.allowed_from_at && (
                      <span className="muted num">
                        {' '}
                        · {t('law.check.from', { at: dateTime(rule.allowed_from_at) })}
                      </span>
                    )}
                  </span>
                  {decision.decided_by === rule.rule && <Pill tone="danger">{t('law.check.decided')}</Pill>}
                </li>
              ))}
            </ul>
          </div>
        )}
      </QueryState>
    </section>
  );
}
