import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { HOLD_REASONS, type NewLegalHold, placeHold } from './queries';

const NOTE_MAX = 200;

/** Keeping somebody's data whatever they ask for, and why. */
export function HoldDialog({ cardholder_id, onClose }: { cardholder_id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<NewLegalHold>();
  const send = ({ reason, note }: NewLegalHold) =>
    placeHold(cardholder_id, { reason, note: note?.trim() || undefined });
  return (
    <FormDialog
      title={t('law.erasure.hold')}
      okText={t('law.erasure.hold_ok')}
      form={form}
      initialValues={{ reason: 'litigation' }}
      onSend={send}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t('common.reason')} style={{ marginBottom: 0 }}>
        <CodeSelect
          allowClear={false}
          values={HOLD_REASONS}
          name={(value) => t(`law.erasure.reason.${value}`)}
        />
      </Form.Item>
      <Form.Item name="note" label={t('law.erasure.hold_note')} style={{ marginBottom: 22 }}>
        <Input.TextArea rows={2} maxLength={NOTE_MAX} showCount />
      </Form.Item>
    </FormDialog>
  );
}
