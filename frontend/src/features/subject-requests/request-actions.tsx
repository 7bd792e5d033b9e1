import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog, ReasonDialog, ReasonField } from '@/ui/form';
import { complete, extend, refuse, type SubjectRequest, subjectRequestQuery } from './queries';

const EXTENSION_DAYS_MAX = 30;

/** What can be done with a request that is open: more time once, an answer, a refusal. */
export function RequestActions({ request }: { request: SubjectRequest }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<'extend' | 'complete' | 'refuse' | null>(null);
  const { request_id } = request;
  const keep = (changed: SubjectRequest) => {
    queryClient.setQueryData(subjectRequestQuery(request_id).queryKey, changed);
    void queryClient.invalidateQueries({ queryKey: ['subject_requests', 'list'] });
    void queryClient.invalidateQueries({ queryKey: ['work_items'] });
    void message.success(t('law.request.done'));
  };
  const close = () => setAsked(null);
  return (
    <>
      {request.extension_reason === null && (
        <Button onClick={() => setAsked('extend')}>{t('law.request.extend')}</Button>
      )}
      <Button danger onClick={() => setAsked('refuse')}>
        {t('law.request.refuse')}
      </Button>
      {request.kind !== 'erasure' && (
        <Button type="primary" onClick={() => setAsked('complete')}>
          {t('law.request.complete')}
        </Button>
      )}
      {asked === 'extend' && (
        <ExtendDialog
          onConfirm={async (days, reason) =>
            keep(await extend(request_id, { days, extension_reason: reason }))
          }
          onClose={close}
        />
      )}
      {(asked === 'complete' || asked === 'refuse') && (
        <ReasonDialog
          title={t(`law.request.${asked}`)}
          okText={t(`law.request.${asked}`)}
          is_danger={asked === 'refuse'}
          label={t('law.request.answer')}
          onConfirm={async (answer) =>
            keep(await (asked === 'refuse' ? refuse : complete)(request_id, answer))
          }
          onClose={close}
        />
      )}
    </>
  );
}

interface ExtendDialogProps {
  onConfirm: (days: number, reason: string) => Promise<void>;
  onClose: () => void;
}

function ExtendDialog({ onConfirm, onClose }: ExtendDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ days: number; reason: string }>();
  return (
    <FormDialog
      title={t('law.request.extend')}
      okText={t('law.request.extend')}
      form={form}
      initialValues={{ days: EXTENSION_DAYS_MAX }}
      onSend={({ days, reason }) => onConfirm(days, reason.trim())}
      onClose={onClose}
    >
      <Form.Item name="days" label={t('law.request.days')} style={{ marginBottom: 0 }}>
        <InputNumber min={1} max={EXTENSION_DAYS_MAX} precision={0} />
      </Form.Item>
      <ReasonField label={t('law.request.extension_reason')} />
    </FormDialog>
  );
}
