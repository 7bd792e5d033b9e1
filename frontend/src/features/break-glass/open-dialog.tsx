import './break-glass.css';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form, Input, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { useFormProblem } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { type Grant, MINUTES, type NewGrant, openRecord, recentGrantsQuery } from './queries';
import { REASONS } from './search';

const NOTE = { min: 10, max: 500 } as const;
const CUSTOMER_NO = { min: 4, max: 32 } as const;

/** Asks for what the reviewer will read, opens the record and goes there. */
export function OpenDialog({ customer_no, onClose }: { customer_no?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<NewGrant>();
  const { open, busy, banner } = useOpen(form, onClose);
  const required = { required: true, message: t('common.required') };
  return (
    <Modal
      open
      title={t('desk.break_glass.open')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('desk.break_glass.open_ok')}
      confirmLoading={busy}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ customer_no, minutes: MINUTES.usual }}
        onFinish={open}
      >
        <div className="stack">
          {banner}
          <p className="banner is-warn">{t('desk.break_glass.open_hint')}</p>
        </div>
        <Form.Item
          name="customer_no"
          label={t('desk.break_glass.customer_no')}
          normalize={(typed: string) => typed.trim().toUpperCase()}
          rules={[
            required,
            { min: CUSTOMER_NO.min, message: t('fault.text.length_min', { min: CUSTOMER_NO.min }) },
          ]}
          extra={t('desk.break_glass.customer_no_hint')}
          style={{ marginTop: 16 }}
        >
          <Input
            autoFocus={!customer_no}
            autoComplete="off"
            spellCheck={false}
            maxLength={CUSTOMER_NO.max}
            placeholder="C1002834107"
          />
        </Form.Item>
        <div className="open-pair">
          <Form.Item name="reason" label={t('desk.break_glass.reason')} rules={[required]}>
            <CodeSelect
              allowClear={false}
              values={REASONS}
              name={(reason) => t(`code.break_glass_reason.${reason}`)}
            />
          </Form.Item>
          <Form.Item name="minutes" label={t('desk.break_glass.minutes')} rules={[required]}>
            <InputNumber min={MINUTES.min} max={MINUTES.max} precision={0} style={{ width: '100%' }} />
          </Form.Item>
        </div>
        <Form.Item
          name="note"
          label={t('desk.break_glass.note')}
          rules={[
            { required: true, whitespace: true, message: t('common.required') },
            { min: NOTE.min, message: t('fault.text.length_min', { min: NOTE.min }) },
          ]}
          style={{ marginBottom: 22 }}
        >
          <Input.TextArea
            autoFocus={Boolean(customer_no)}
            rows={3}
            maxLength={NOTE.max}
            showCount
            placeholder={t('desk.break_glass.note_placeholder')}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function useOpen(form: ReturnType<typeof Form.useForm<NewGrant>>[0], onClose: () => void) {
  const { staff_id } = useMe();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const open = async (values: NewGrant) => {
    setBusy(true);
    problem.clear();
    try {
      const grant = await openRecord({ ...values, note: values.note.trim() });
      // Known before the record is drawn: it comes up for reading alone.
      queryClient.setQueryData(recentGrantsQuery(staff_id).queryKey, (known: Grant[] | undefined) => [
        grant,
        ...(known ?? []),
      ]);
      const { cardholder_id } = grant;
      await queryClient.resetQueries({ queryKey: ['cardholders', cardholder_id] });
      void queryClient.invalidateQueries({ queryKey: ['break_glass', 'list'] });
      onClose();
      void navigate({ to: '/cardholders/$cardholder_id', params: { cardholder_id } });
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return { open, busy, banner: problem.banner };
}
