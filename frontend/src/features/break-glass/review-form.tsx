import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '@/ui/form';
import { type Review, reviewGrant } from './queries';
import { VERDICTS } from './search';

const NOTE = { min: 2, max: 500 } as const;

/** Judges a grant, once. */
export function ReviewForm({ grant_id, onDone }: { grant_id: string; onDone: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Review>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const save = async (values: Review) => {
    setBusy(true);
    problem.clear();
    try {
      await reviewGrant(grant_id, { ...values, review_note: values.review_note.trim() });
      void message.success(t('desk.break_glass.reviewed'));
      void queryClient.invalidateQueries({ queryKey: ['work_items'] });
      void queryClient.invalidateQueries({ queryKey: ['break_glass'] });
      onDone();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={save}>
      <h2 className="detail-heading">{t('desk.break_glass.review')}</h2>
      {problem.banner && <div style={{ marginBottom: 16 }}>{problem.banner}</div>}
      <Form.Item
        name="verdict"
        label={t('desk.break_glass.verdict')}
        rules={[{ required: true, message: t('common.required') }]}
      >
        <Radio.Group
          options={VERDICTS.map((value) => ({ value, label: t(`code.verdict.${value}`) }))}
          optionType="button"
        />
      </Form.Item>
      <Form.Item
        name="review_note"
        label={t('desk.break_glass.review_note')}
        rules={[
          { required: true, whitespace: true, message: t('common.required') },
          { min: NOTE.min, message: t('fault.text.length_min', { min: NOTE.min }) },
        ]}
      >
        <Input.TextArea
          rows={3}
          maxLength={NOTE.max}
          showCount
          placeholder={t('desk.break_glass.review_note_placeholder')}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy}>
        {t('desk.break_glass.review_ok')}
      </Button>
    </Form>
  );
}
