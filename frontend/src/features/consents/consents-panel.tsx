import './consents.css';
import { useQuery } from '@tanstack/react-query';
import { Check, Minus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { QueryState } from '@/ui/query-state';
import { ConsentDialog, type ConsentWish } from './consent-dialog';
import { ConsentHistory } from './consent-history';
import { ContactCheck } from './contact-check';
import {
  type Consent,
  type ConsentPurpose,
  type ConsentSheet,
  type ContactChannel,
  channelsOf,
  consentsQuery,
  PURPOSES,
} from './queries';
import { WishesForm } from './wishes-form';

/** What a cardholder agreed to, what they wish, and what follows for the next contact. */
export function ConsentsPanel({ cardholder_id }: { cardholder_id: string }) {
  const query = useQuery(consentsQuery(cardholder_id));
  return (
    <QueryState query={query}>{(sheet) => <Sheet cardholder_id={cardholder_id} sheet={sheet} />}</QueryState>
  );
}

function Sheet({ cardholder_id, sheet }: { cardholder_id: string; sheet: ConsentSheet }) {
  const { t } = useTranslation();
  const mayChange = useMayChange('consents:write');
  const [wish, setWish] = useState<ConsentWish | null>(null);
  const standing = (purpose: ConsentPurpose, channel: ContactChannel) =>
    sheet.standing.find((row) => row.purpose === purpose && row.channel === channel);
  return (
    <div className="consents">
      <section aria-label={t('law.consents.title')}>
        <h3>{t('law.consents.title')}</h3>
        <p className="muted">{t(mayChange ? 'law.consents.hint' : 'law.consents.hint_read')}</p>
        <ul className="lines">
          {PURPOSES.map((purpose) => (
            <li key={purpose}>
              <span className="grow">
                <b>{t(`law.purpose.${purpose}`)}</b>
                <small className="muted">{t(`law.purpose_hint.${purpose}`)}</small>
              </span>
              <span className="consent-channels">
                {channelsOf(purpose).map((channel) => (
                  <ConsentMark
                    key={channel}
                    purpose={purpose}
                    channel={channel}
                    consent={standing(purpose, channel)}
                    onWish={mayChange ? setWish : undefined}
                  />
                ))}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <WishesForm cardholder_id={cardholder_id} wishes={sheet.preferences} may_change={mayChange} />
      <ContactCheck cardholder_id={cardholder_id} />
      <ConsentHistory rows={sheet.history} />
      {wish && <ConsentDialog cardholder_id={cardholder_id} wish={wish} onClose={() => setWish(null)} />}
    </div>
  );
}

const TONES = { granted: 'ok', withdrawn: 'warn', never_asked: 'plain' } as const;

interface ConsentMarkProps {
  purpose: ConsentPurpose;
  channel: ContactChannel;
  consent: Consent | undefined;
  onWish?: (wish: ConsentWish) => void;
}

/** One purpose by one channel: given, taken back or never asked. One click leads to the other. */
function ConsentMark({ purpose, channel, consent, onWish }: ConsentMarkProps) {
  const { t } = useTranslation();
  const state = consent?.decision ?? 'never_asked';
  const Icon = { granted: Check, withdrawn: X, never_asked: Minus }[state];
  const is_granted = state === 'granted';
  const name = t(`law.channel.${channel}`);
  const label = `${t(`law.purpose.${purpose}`)} · ${name}: ${t(`law.state.${state}`)}`;
  const content = (
    <>
      <Icon size={13} aria-hidden /> {name}
    </>
  );
  if (!onWish)
    return (
      <span className={`pill is-${TONES[state]}`}>
        {content} <span className="sr-only">{t(`law.state.${state}`)}</span>
      </span>
    );
  return (
    <button
      type="button"
      className={`pill consent-mark is-${TONES[state]}`}
      aria-pressed={is_granted}
      aria-label={label}
      title={label}
      onClick={() => onWish({ purpose, channel, is_grant: !is_granted })}
    >
      {content}
    </button>
  );
}
