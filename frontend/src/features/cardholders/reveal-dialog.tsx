import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { REVEAL_PURPOSES, type RevealPurpose } from '@/api/reveals';
import { duration } from '@/lib/dates';
import { useLang } from '@/lib/prefs';
import { useFormProblem } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { type RevealWish, reveal } from './reveal';

interface RevealDialogProps {
  cardholder_id: string;
  wish: Pick<RevealWish, 'field' | 'item_id'>;
  name: string;
  masked: string;
  onShown: (revealed: Awaited<ReturnType<typeof reveal>>) => void;
  onClose: () => void;
}

interface Values {
  purpose: RevealPurpose;
  note?: string;
}

/** Whoever looks at a second value of somebody does so for the same purpose, as a rule. */
let last: { cardholder_id: string; purpose: RevealPurpose } | undefined;

export function RevealDialog({ cardholder_id, wish, name, masked, onShown, onClose }: RevealDialogProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const [form] = Form.useForm<Values>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useState<string | null>(null);
  const finish = async ({ purpose, note }: Values) => {
    setBusy(true);
    setWait(null);
    problem.clear();
    try {
      const revealed = await reveal(cardholder_id, { ...wish, purpose, note: note?.trim() || undefined });
      last = { cardholder_id, purpose };
      onClose();
      onShown(revealed);
    } catch (error) {
      if (isProblem(error, 'reveals.quota_exceeded'))
        setWait(
          t('cardholders.reveal.quota', {
            n: Number(error.params.daily_max),
            wait: duration(Number(error.params.retry_after_seconds) * 1000, lang),
          }),
        );
      else if (isProblem(error, 'reveals.key_destroyed')) setWait(t('cardholders.reveal.key_destroyed'));
      // Whoever closed the question for the password knows that nothing was shown.
      else if (!isProblem(error, 'staff.step_up_required')) problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t('cardholders.reveal.title', { name })}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('cardholders.reveal.action')}
      confirmLoading={busy}
      width={440}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ purpose: last?.cardholder_id === cardholder_id ? last.purpose : undefined }}
        onFinish={finish}
      >
        <div className="stack">
          {wait && (
            <p role="alert" className="banner is-warn">
              {wait}
            </p>
          )}
          {problem.banner}
          <p className="muted">
            <span className="num" translate="no">
              {masked}
            </span>
            <br />
            {t('cardholders.reveal.hint')}
          </p>
          <Form.Item
            name="purpose"
            label={t('cardholders.reveal.purpose')}
            rules={[{ required: true, message: t('common.required') }]}
          >
            <CodeSelect
              allowClear={false}
              placeholder={t('cardholders.reveal.purpose_placeholder')}
              values={REVEAL_PURPOSES}
              name={(purpose) => t(`code.reveal_purpose.${purpose}`)}
            />
          </Form.Item>
          <Form.Item name="note" label={t('cardholders.reveal.note')}>
            <Input maxLength={200} placeholder={t('cardholders.reveal.note_placeholder')} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
