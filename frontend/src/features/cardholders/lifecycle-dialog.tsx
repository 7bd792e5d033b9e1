import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { ReasonDialog } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { LIFECYCLES, NEXT_LIFECYCLES } from './codes';
import { LifecyclePill } from './identity';
import { type Cardholder, cardholderQuery, type Lifecycle } from './queries';

export function LifecycleDialog({ cardholder, onClose }: { cardholder: Cardholder; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const { cardholder_id } = cardholder;
  const options = LIFECYCLES.filter((value) => NEXT_LIFECYCLES[cardholder.lifecycle].includes(value));
  const [lifecycle, setLifecycle] = useState<Lifecycle>(options[0] ?? 'active');
  const confirm = async (reason: string) => {
    const changed = await call(
      http.POST('/api/v1/cardholders/{cardholder_id}/lifecycle', {
        params: { path: { cardholder_id }, header: ifMatch(cardholder.version) },
        body: { lifecycle, reason },
      }),
    );
    queryClient.setQueryData(cardholderQuery(cardholder_id).queryKey, changed);
    void queryClient.invalidateQueries({ queryKey: ['cardholders'] });
    void message.success(t('cardholders.lifecycle.done', { to: t(`code.lifecycle.${lifecycle}`) }));
  };
  const isFinal = lifecycle === 'closed' || lifecycle === 'deceased';
  return (
    <ReasonDialog
      title={t('cardholders.lifecycle.title')}
      okText={t('cardholders.lifecycle.change')}
      is_danger={isFinal}
      onConfirm={confirm}
      onClose={onClose}
    >
      <dl className="facts">
        <dt>{t('cardholders.lifecycle.from')}</dt>
        <dd>
          <LifecyclePill value={cardholder.lifecycle} />
        </dd>
        <dt>{t('cardholders.lifecycle.to')}</dt>
        <dd>
          <CodeSelect
            aria-label={t('cardholders.lifecycle.to')}
            allowClear={false}
            values={options}
            name={(value) => t(`code.lifecycle.${value}`)}
            value={lifecycle}
            onChange={setLifecycle}
            style={{ minWidth: 160 }}
          />
        </dd>
      </dl>
      {isFinal && (
        <p className="banner is-warn">
          {lifecycle === 'closed'
            ? t('cardholders.lifecycle.closing_hint')
            : t('cardholders.lifecycle.deceased_hint')}
        </p>
      )}
    </ReasonDialog>
  );
}
