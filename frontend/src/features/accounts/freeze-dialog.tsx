import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { ReasonDialog } from '@/ui/form';
import type { Card } from './queries';

interface FreezeDialogProps {
  card: Card;
  number: string;
  verb: 'freeze' | 'unfreeze';
  cardholder_id: string;
  onClose: () => void;
}

export function FreezeDialog({ card, number, verb, cardholder_id, onClose }: FreezeDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const confirm = async (reason: string) => {
    const init = {
      // A card of somebody else's account stands under that account's owner.
      params: {
        path: { cardholder_id: card.cardholder_id, card_id: card.card_id },
        header: ifMatch(card.version),
      },
      body: { reason },
    };
    try {
      await call(
        verb === 'freeze'
          ? http.POST('/api/v1/cardholders/{cardholder_id}/cards/{card_id}/freeze', init)
          : http.POST('/api/v1/cardholders/{cardholder_id}/cards/{card_id}/unfreeze', init),
      );
      void message.success(t(`accounts.${verb}.done`));
    } finally {
      // Also after a refusal: the card may have been changed by somebody else.
      void queryClient.invalidateQueries({ queryKey: ['cardholders', cardholder_id] });
    }
  };
  return (
    <ReasonDialog
      title={t(`accounts.${verb}.title`)}
      okText={t(`accounts.${verb}.action`)}
      is_danger={verb === 'freeze'}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="num">
        <b translate="no">{number}</b>
        <br />
        {t(`accounts.${verb}.hint`)}
      </p>
    </ReasonDialog>
  );
}
