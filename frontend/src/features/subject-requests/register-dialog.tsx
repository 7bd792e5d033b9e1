import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { DayInput } from '@/ui/day-input';
import { FormDialog } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { KINDS, type NewSubjectRequest, register, VIA } from './queries';

const WISH_MAX = 500;

/** Taking a request in: what, how it came, since when. */
export function RegisterDialog({ cardholder_id, onClose }: { cardholder_id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<NewSubjectRequest>();
  const kind = Form.useWatch('kind', form);
  const send = async (values: NewSubjectRequest) => {
    await register(cardholder_id, {
      ...values,
      received_on: values.received_on || undefined,
      wish: values.wish?.trim() || undefined,
    });
    void queryClient.invalidateQueries({ queryKey: ['subject_requests'] });
    // An objection has already changed their wishes.
    void queryClient.invalidateQueries({ queryKey: ['consents', cardholder_id] });
    void message.success(t('law.request.registered'));
  };
  return (
    <FormDialog
      title={t('law.request.register')}
      okText={t('law.request.register_ok')}
      form={form}
      initialValues={{ kind: 'access', received_via: 'counter' }}
      onSend={send}
      onClose={onClose}
    >
      <Form.Item
        name="kind"
        label={t('law.request.kind_label')}
        extra={kind && t(`law.request.kind_hint.${kind}`)}
        style={{ marginBottom: 0 }}
      >
        <CodeSelect
          allowClear={false}
          values={KINDS}
          name={(value) => t(`code.subject_request_kind.${value}`)}
        />
      </Form.Item>
      <Form.Item name="received_via" label={t('law.request.via_label')} style={{ marginBottom: 0 }}>
        <CodeSelect allowClear={false} values={VIA} name={(value) => t(`law.request.via.${value}`)} />
      </Form.Item>
      <Form.Item
        name="received_on"
        label={t('law.request.received_on')}
        extra={t('law.request.received_on_hint')}
        style={{ marginBottom: 0 }}
      >
        <DayInput />
      </Form.Item>
      <Form.Item name="wish" label={t('law.request.wish')} style={{ marginBottom: 22 }}>
        <Input.TextArea rows={3} maxLength={WISH_MAX} showCount />
      </Form.Item>
    </FormDialog>
  );
}
