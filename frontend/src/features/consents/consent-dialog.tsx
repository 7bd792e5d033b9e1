import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLang } from '@/lib/prefs';
import { useFormProblem } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { QueryState } from '@/ui/query-state';
import {
  type Consent,
  type ConsentPurpose,
  type ConsentText,
  type ContactChannel,
  consentsQuery,
  consentTextsQuery,
  EVIDENCE,
  grant,
  textInForce,
  withdraw,
} from './queries';

const NOTE_MAX = 200;

export interface ConsentWish {
  purpose: ConsentPurpose;
  channel: ContactChannel;
  /** Otherwise it is taken back. */
  is_grant: boolean;
}

interface ConsentDialogProps {
  cardholder_id: string;
  wish: ConsentWish;
  onClose: () => void;
}

/** Giving and taking back ask for the same two things; giving also shows the text. */
export function ConsentDialog({ cardholder_id, wish, onClose }: ConsentDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const texts = useQuery({ ...consentTextsQuery, enabled: wish.is_grant });
  const text = textInForce(texts.data ?? [], wish.purpose);
  const [form] = Form.useForm<{ evidence: Consent['evidence']; evidence_note?: string }>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const { purpose, channel, is_grant } = wish;
  const finish = async (values: { evidence: Consent['evidence']; evidence_note?: string }) => {
    setBusy(true);
    problem.clear();
    const proof = { evidence: values.evidence, evidence_note: values.evidence_note?.trim() || undefined };
    const what = { purpose, channels: [channel], ...proof };
    try {
      const sheet =
        is_grant && text
          ? await grant(cardholder_id, { ...what, text_id: text.text_id })
          : await withdraw(cardholder_id, what);
      queryClient.setQueryData(consentsQuery(cardholder_id).queryKey, sheet);
      void queryClient.invalidateQueries({ queryKey: ['consents', cardholder_id, 'decision'] });
      void message.success(t(is_grant ? 'law.consents.granted' : 'law.consents.withdrawn'));
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t(is_grant ? 'law.consents.grant_title' : 'law.consents.withdraw_title', {
        purpose: t(`law.purpose.${purpose}`),
        channel: t(`law.channel.${channel}`),
      })}
      onCancel={onClose}
      onOk={form.submit}
      okText={t(is_grant ? 'law.consents.grant' : 'law.consents.withdraw')}
      okButtonProps={{ disabled: is_grant && !text }}
      confirmLoading={busy}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ evidence: 'at_the_counter' }}
        onFinish={finish}
      >
        <div className="stack">
          {problem.banner}
          {is_grant ? (
            <QueryState query={texts}>{() => <Words text={text} />}</QueryState>
          ) : (
            <p className="muted">{t('law.consents.withdraw_hint')}</p>
          )}
          <Form.Item name="evidence" label={t('law.consents.evidence')} style={{ marginBottom: 0 }}>
            <CodeSelect allowClear={false} values={EVIDENCE} name={(value) => t(`law.evidence.${value}`)} />
          </Form.Item>
          <Form.Item
            name="evidence_note"
            label={t('law.consents.evidence_note')}
            style={{ marginBottom: 22 }}
          >
            <Input.TextArea rows={2} maxLength={NOTE_MAX} showCount />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}

/** What they agree to, in the reader's language. */
function Words({ text }: { text: ConsentText | undefined }) {
  const { t } = useTranslation();
  const lang = useLang();
  if (!text) return <p className="banner is-warn">{t('law.consents.no_text')}</p>;
  return (
    <blockquote className="banner">
      <span className="grow">{lang === 'en' ? text.body_en : text.body_zh}</span>
      <small className="muted">{t('law.consents.version', { n: text.version })}</small>
    </blockquote>
  );
}
