import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '@/ui/form';
import { clock, minuteOf } from './clock';
import type { Wishes, WishesPatch } from './queries';

interface QuietHoursDialogProps {
  wishes: Wishes;
  onSave: (patch: WishesPatch) => Promise<unknown>;
  onClose: () => void;
}

/** Their own quiet hours, or the bank's again. */
export function QuietHoursDialog({ wishes, onSave, onClose }: QuietHoursDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ from: string; to: string }>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const save = async (patch: WishesPatch) => {
    setBusy(true);
    problem.clear();
    try {
      await onSave(patch);
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  const isClock = {
    validator: (_: unknown, text: string) =>
      minuteOf(text ?? '') === null ? Promise.reject(new Error(t('law.wishes.clock'))) : Promise.resolve(),
  };
  return (
    <Modal
      open
      title={t('law.wishes.quiet_title')}
      onCancel={onClose}
      footer={[
        <Button
          key="default"
          disabled={busy}
          onClick={() => void save({ quiet_from_minute: null, quiet_to_minute: null })}
        >
          {t('law.wishes.quiet_reset')}
        </Button>,
        <Button key="save" type="primary" loading={busy} onClick={form.submit}>
          {t('common.save')}
        </Button>,
      ]}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          from: clock(wishes.quiet_from_minute ?? 21 * 60),
          to: clock(wishes.quiet_to_minute ?? 8 * 60),
        }}
        onFinish={({ from, to }) =>
          save({ quiet_from_minute: minuteOf(from), quiet_to_minute: minuteOf(to) })
        }
      >
        {problem.banner}
        <div className="row consent-question">
          <Form.Item name="from" label={t('law.wishes.quiet_from')} rules={[isClock]}>
            <Input className="num" maxLength={5} inputMode="numeric" />
          </Form.Item>
          <Form.Item name="to" label={t('law.wishes.quiet_to')} rules={[isClock]}>
            <Input className="num" maxLength={5} inputMode="numeric" />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
