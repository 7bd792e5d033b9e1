import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Form, Input } from 'antd';
import { ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '@/ui/form';
import { Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { useSubmittedNotice } from '@/ui/submitted';
import { MergeEffect, MergeFields } from './merge-compare';
import { merge, type Preview, previewQuery } from './merge-queries';
import type { Cardholder } from './queries';

const EVIDENCE = { min: 2, max: 500 } as const;

interface MergeFormProps {
  survivor: Cardholder;
  absorbed: Cardholder;
  onChange: () => void;
  onSwap: () => void;
}

/** What differs, what comes together, and what the request rests on. */
export function MergeForm(props: MergeFormProps) {
  const { t } = useTranslation();
  const { survivor, absorbed, onChange, onSwap } = props;
  const query = useQuery(previewQuery(survivor.cardholder_id, absorbed.cardholder_id));
  return (
    <QueryState query={query}>
      {(preview) => (
        <div className="stack">
          <Panel
            title={t('merges.compare')}
            sub={t('merges.compare_hint')}
            is_flush
            extra={
              <span className="row">
                <Button size="small" icon={<ArrowLeftRight size={14} />} onClick={onSwap}>
                  {t('merges.swap')}
                </Button>
                <Button size="small" onClick={onChange}>
                  {t('merges.change')}
                </Button>
              </span>
            }
          >
            <SameNumber preview={preview} />
            <MergeFields survivor={survivor} absorbed={absorbed} preview={preview} />
          </Panel>
          <Panel title={t('merges.effect')} is_flush>
            <MergeEffect preview={preview} />
          </Panel>
          <Request survivor={survivor} absorbed={absorbed} preview={preview} />
        </div>
      )}
    </QueryState>
  );
}

function SameNumber({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  if (preview.is_same_national_id === null) return null;
  return preview.is_same_national_id ? (
    <p className="banner merge-banner">{t('merges.same_id')}</p>
  ) : (
    <p className="banner is-warn merge-banner" role="alert">
      {t('merges.other_id')}
    </p>
  );
}

function Request(props: { survivor: Cardholder; absorbed: Cardholder; preview: Preview }) {
  const { t } = useTranslation();
  const { survivor, absorbed, preview } = props;
  const [form] = Form.useForm<{ evidence_note: string }>();
  const { send, busy, banner } = useMerge(form, survivor, absorbed);
  return (
    <Panel title={t('merges.evidence')} sub={preview.needs_approval ? t('merges.waits') : undefined}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <div className="stack">
          {banner}
          <Form.Item
            name="evidence_note"
            label={t('merges.evidence')}
            rules={[
              { required: true, whitespace: true, message: t('common.required') },
              { min: EVIDENCE.min, message: t('fault.text.length_min', { min: EVIDENCE.min }) },
            ]}
            style={{ marginBottom: 22 }}
          >
            <Input.TextArea
              rows={3}
              maxLength={EVIDENCE.max}
              showCount
              placeholder={t('merges.evidence_placeholder')}
            />
          </Form.Item>
        </div>
        <div className="form-foot row">
          <Button type="primary" htmlType="submit" loading={busy}>
            {preview.needs_approval ? t('merges.submit_approval') : t('merges.submit_now')}
          </Button>
        </div>
      </Form>
    </Panel>
  );
}

function useMerge(
  form: ReturnType<typeof Form.useForm<{ evidence_note: string }>>[0],
  survivor: Cardholder,
  absorbed: Cardholder,
) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const notify = useSubmittedNotice();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const send = async ({ evidence_note }: { evidence_note: string }) => {
    setBusy(true);
    problem.clear();
    try {
      const answer = await merge(survivor, absorbed.cardholder_id, evidence_note.trim());
      if (!notify(answer)) void message.success(t('merges.done'));
      void queryClient.invalidateQueries({ queryKey: ['cardholders'] });
      void queryClient.invalidateQueries({ queryKey: ['approvals'] });
      const { cardholder_id } = survivor;
      await navigate({ to: '/cardholders/$cardholder_id', params: { cardholder_id } });
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return { send, busy, banner: problem.banner };
}
