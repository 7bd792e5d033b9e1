import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormProblem } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { FORMATS, type List, PURPOSES } from './codes';
import { Conditions } from './conditions';
import { type ExportBody, requestExport } from './queries';

interface RequestDialogProps {
  list: List;
  cardholder_id?: string;
  query: ExportBody['query'];
  onClose: () => void;
}

type Entries = Pick<ExportBody, 'format' | 'purpose' | 'note'>;

/** What for, and in which form; the conditions come from the list. */
export function RequestDialog({ list, cardholder_id, query, onClose }: RequestDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Entries>();
  const problem = useFormProblem(form);
  const request = useMutation({
    mutationFn: ({ note, ...entries }: Entries) =>
      requestExport({ ...entries, list, cardholder_id, query, note: note?.trim() || undefined }),
    onSuccess: (row) => {
      void message.success(t(row.stage === 'waiting' ? 'exports.waiting' : 'exports.asked'));
      onClose();
    },
    onError: problem.show,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['exports'] }),
  });
  const submit = (entries: Entries) => {
    problem.clear();
    request.mutate(entries);
  };
  return (
    <Modal
      open
      title={t('exports.new_title', { list: t(`exports.lists.${list}`) })}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('exports.submit')}
      confirmLoading={request.isPending}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        initialValues={{ format: 'csv' }}
      >
        <div className="stack">
          {problem.banner}
          <p className="muted export-hint">{t('exports.new_hint')}</p>
        </div>
        <Form.Item label={t('exports.filter')}>
          <Conditions query={query} />
        </Form.Item>
        <Form.Item name="format" label={t('exports.format')}>
          <Radio.Group
            options={FORMATS.map((format) => ({ value: format, label: t(`exports.formats.${format}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="purpose"
          label={t('exports.purpose')}
          rules={[{ required: true, message: t('common.required') }]}
        >
          <CodeSelect values={PURPOSES} name={(purpose) => t(`exports.purposes.${purpose}`)} />
        </Form.Item>
        <Form.Item name="note" label={t('exports.note')}>
          <Input maxLength={200} placeholder={t('exports.note_placeholder')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
