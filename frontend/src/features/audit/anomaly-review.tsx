import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { ReasonDialog } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { useAnomalyText } from './anomaly-text';
import { type AnomalyVerdict, VERDICTS } from './codes';
import type { Anomaly } from './queries';

export function AnomalyReview({ anomaly, onClose }: { anomaly: Anomaly; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const say = useAnomalyText();
  const [verdict, setVerdict] = useState<AnomalyVerdict>('harmless');
  const confirm = async (review_note: string) => {
    await call(
      http.POST('/api/v1/audit/anomalies/{anomaly_id}/review', {
        params: { path: { anomaly_id: anomaly.anomaly_id } },
        body: { verdict, review_note },
      }),
    );
    void queryClient.invalidateQueries({ queryKey: ['anomalies'] });
    void message.success(t('system.anomalies.reviewed'));
  };
  return (
    <ReasonDialog
      title={t('system.anomalies.review')}
      okText={t('system.anomalies.judge')}
      is_danger={verdict === 'suspicious'}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <b>{`${anomaly.staff_name ?? ''} ${anomaly.staff_no ?? ''}`.trim()}</b> · {anomaly.happened_on} ·{' '}
        {say(anomaly)}
      </p>
      <CodeSelect
        aria-label={t('system.anomalies.verdict')}
        allowClear={false}
        values={VERDICTS}
        name={(value) => t(`system.anomalies.verdicts.${value}`)}
        value={verdict}
        onChange={setVerdict}
        style={{ minWidth: 160 }}
      />
    </ReasonDialog>
  );
}
