import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal } from 'antd';
import { FileSignature } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { Empty } from '@/ui/empty';
import { useFormProblem } from '@/ui/form';
import { Page, Panel } from '@/ui/page';
import { Pill } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import {
  type ConsentPurpose,
  type ConsentText,
  consentTextsQuery,
  type NewConsentText,
  PURPOSES,
  publishText,
} from './queries';

const BODY = { min: 10, max: 2_000 } as const;

/** What cardholders are asked to agree to, word for word: the version in force, and those before it. */
export function ConsentTextsPage() {
  const { t } = useTranslation();
  const mayWrite = useCan('consent_texts:write');
  const query = useQuery(consentTextsQuery);
  const [asked, setAsked] = useState<ConsentPurpose | null>(null);
  return (
    <Page title={t('law.texts.title')} subtitle={t('law.texts.subtitle')} shape="narrow">
      <QueryState query={query} is_page>
        {(texts) => (
          <div className="stack">
            {PURPOSES.map((purpose) => (
              <Purpose
                key={purpose}
                purpose={purpose}
                texts={texts.filter((text) => text.purpose === purpose)}
                onPublish={mayWrite ? () => setAsked(purpose) : undefined}
              />
            ))}
          </div>
        )}
      </QueryState>
      {asked && <PublishDialog purpose={asked} onClose={() => setAsked(null)} />}
    </Page>
  );
}

interface PurposeProps {
  purpose: ConsentPurpose;
  texts: ConsentText[];
  onPublish?: () => void;
}

function Purpose({ purpose, texts, onPublish }: PurposeProps) {
  const { t } = useTranslation();
  const publish = onPublish && (
    <Button
      size="small"
      onClick={onPublish}
      aria-label={`${t('law.texts.publish')}: ${t(`law.purpose.${purpose}`)}`}
    >
      {t('law.texts.publish')}
    </Button>
  );
  return (
    <Panel title={t(`law.purpose.${purpose}`)} sub={t(`law.purpose_hint.${purpose}`)} extra={publish}>
      {texts.length === 0 && <Empty icon={FileSignature} title={t('law.texts.none')} is_small />}
      <ul className="lines">
        {texts.map((text, at) => (
          <li key={text.text_id}>
            <div className="grow">
              <p>{text.body_zh}</p>
              <p>{text.body_en}</p>
              <small className="muted num">
                {t('law.consents.version', { n: text.version })} · {dateTime(text.published_at)}
              </small>
            </div>
            {at === 0 && <Pill tone="ok">{t('law.texts.in_force')}</Pill>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The next version, in both languages. */
function PublishDialog({ purpose, onClose }: { purpose: ConsentPurpose; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Omit<NewConsentText, 'purpose'>>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const finish = async ({ body_zh, body_en }: Omit<NewConsentText, 'purpose'>) => {
    setBusy(true);
    problem.clear();
    try {
      await publishText({ purpose, body_zh: body_zh.trim(), body_en: body_en.trim() });
      void queryClient.invalidateQueries({ queryKey: consentTextsQuery.queryKey });
      void message.success(t('law.texts.published'));
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  const rules = [
    { required: true, whitespace: true, message: t('common.required') },
    { min: BODY.min, message: t('fault.text.length_min', { min: BODY.min }) },
  ];
  return (
    <Modal
      open
      title={`${t('law.texts.publish')}: ${t(`law.purpose.${purpose}`)}`}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('law.texts.publish_ok')}
      confirmLoading={busy}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={finish}>
        {problem.banner}
        <p className="muted">{t('law.texts.publish_hint')}</p>
        <Form.Item name="body_zh" label={t('law.texts.body_zh')} rules={rules}>
          <Input.TextArea rows={4} maxLength={BODY.max} showCount />
        </Form.Item>
        <Form.Item name="body_en" label={t('law.texts.body_en')} rules={rules} style={{ marginBottom: 22 }}>
          <Input.TextArea rows={4} maxLength={BODY.max} showCount />
        </Form.Item>
      </Form>
    </Modal>
  );
}
