import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { HOLD_REASONS, type NewLegalHold, placeHold } from './queries';

const NOTE_MAX = 200;

/** Keeping somebody's data whatever they ask for, and why. */
export function HoldDialog({ cardholder_id, onClose }: { cardholder_id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<NewLegalHold>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const finish = async ({ reason, note }: NewLegalHold) => {
    setBusy(true);
    problem.clear();
    try {
      await placeHold(cardholder_id, { reason, note: note?.trim() || undefined });
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t('law.erasure.hold')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('law.erasure.hold_ok')}
      confirmLoading={busy}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ reason: 'litigation' }}
        onFinish={finish}
      >
        {problem.banner}
        <Form.Item name="reason" label={t('common.reason')}>
          <CodeSelect
            allowClear={false}
            values={HOLD_REASONS}
            name={(value) => t(`law.erasure.reason.${value}`)}
          />
        </Form.Item>
        <Form.Item name="note" label={t('law.erasure.hold_note')} style={{ marginBottom: 22 }}>
          <Input.TextArea rows={2} maxLength={NOTE_MAX} showCount />
        </Form.Item>
      </Form>
    </Modal>
  );
}
