import './reveal.css';
import { Eye, EyeOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { Masked } from '@/ui/masked';
import { type RevealField, useShown } from './reveal';

const RevealDialog = lazy(() =>
  import('./reveal-dialog').then((module) => ({ default: module.RevealDialog })),
);

interface RevealableProps {
  cardholder_id: string;
  field: RevealField;
  item_id?: string;
  /** What it is called: 手机, 证件号码. */
  name: string;
  /** The whole text, and the part of it that is masked. */
  text: string;
  masked: string;
}

/** A masked text that whoever may can look at for a minute. */
export function Revealable({ cardholder_id, field, item_id, name, text, masked }: RevealableProps) {
  const { t } = useTranslation();
  const may = useCan('cardholders:reveal');
  const [asking, setAsking] = useState(false);
  const { value, seconds, show, hide } = useShown();
  if (!may) return <Masked value={text} />;
  const eye = (
    <button
      type="button"
      className="icon-button reveal-eye"
      title={t('cardholders.reveal.show', { name })}
      aria-label={t('cardholders.reveal.show_which', { name, masked: text })}
      onClick={() => setAsking(true)}
    >
      <Eye size={14} aria-hidden />
    </button>
  );
  return (
    <>
      {value === null ? (
        <Masked value={text} action={eye} />
      ) : (
        <span className="revealed num" translate="no">
          <b>{text.replace(masked, () => value)}</b>
          <button type="button" className="reveal-hide" onClick={hide} title={t('cardholders.reveal.hide')}>
            <EyeOff size={13} aria-hidden />
            <span aria-hidden>{t('cardholders.reveal.seconds', { n: seconds })}</span>
            <span className="sr-only">{t('cardholders.reveal.hide')}</span>
          </button>
        </span>
      )}
      <span role="status" className="sr-only">
        {value !== null && t('cardholders.reveal.shown', { name })}
      </span>
      {asking && (
        <Suspense>
          <RevealDialog
            cardholder_id={cardholder_id}
            wish={{ field, item_id }}
            name={name}
            masked={text}
            onShown={show}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  );
}
