import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { Pill, type Tone } from '@/ui/pill';
import type { Card } from './queries';

const FreezeDialog = lazy(() =>
  import('./freeze-dialog').then((module) => ({ default: module.FreezeDialog })),
);

const TONES: Record<Card['status'], Tone> = {
  active: 'ok',
  frozen: 'danger',
  expired: 'plain',
  cancelled: 'plain',
};

/** `6222 02** **** 4471`: what is kept of a card number, in its usual groups. */
function cardNumber(card: Card): string | null {
  if (!card.last_four) return null;
  const bin = (card.bin ?? '').padEnd(8, '*').slice(0, 8);
  return card.bin ? `${bin.slice(0, 4)} ${bin.slice(4)} **** ${card.last_four}` : `**** ${card.last_four}`;
}

/** Neither the account's owner holds it nor whose page this is; the former may be a record that was merged into the latter. */
const isInOtherHands = (
  { holder_cardholder_id: holder, cardholder_id: owner }: Card,
  cardholder_id: string,
) => holder !== owner && holder !== cardholder_id;

export function CardLine({ card, cardholder_id }: { card: Card; cardholder_id: string }) {
  const { t } = useTranslation();
  const mayFreeze = useMayChange('cards:freeze');
  const [asking, setAsking] = useState(false);
  const verb = card.status === 'active' ? 'freeze' : card.status === 'frozen' ? 'unfreeze' : null;
  const number = cardNumber(card) ?? t('accounts.no_number');
  return (
    <li>
      <div className="grow">
        <span className="num" translate="no">
          {number}
        </span>
        <small>
          {card.network && t(`code.network.${card.network}`)}
          {card.expires_on && ` · ${t('accounts.expires', { on: card.expires_on.slice(0, 7) })}`}
          {isInOtherHands(card, cardholder_id) && ` · ${t('accounts.card_other')}`}
          {card.status === 'frozen' &&
            card.status_reason &&
            ` · ${t('accounts.frozen_because', { reason: card.status_reason })}`}
        </small>
      </div>
      <Pill tone={TONES[card.status]} has_dot>
        {t(`code.card_status.${card.status}`)}
      </Pill>
      {mayFreeze && verb && (
        <Button size="small" danger={verb === 'freeze'} onClick={() => setAsking(true)}>
          {t(`accounts.${verb}.action`)}
        </Button>
      )}
      {asking && verb && (
        <Suspense>
          <FreezeDialog
            card={card}
            number={number}
            verb={verb}
            cardholder_id={cardholder_id}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </li>
  );
}
