import { useMutation } from '@tanstack/react-query';
import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { useProblemText } from '@/ui/problem-text';

interface ViewNameDialogProps {
  title: string;
  initial?: string;
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}

export function ViewNameDialog({ title, initial = '', onName, onClose }: ViewNameDialogProps) {
  const { t } = useTranslation();
  const say = useProblemText();
  const [form] = Form.useForm<{ name: string }>();
  const save = useMutation({
    mutationFn: onName,
    onSuccess: onClose,
    onError: (error) => {
      const text =
        isProblem(error) && error.status === 409 ? t('cardholders.view.name_taken') : say(error).title;
      form.setFields([{ name: 'name', errors: [text] }]);
    },
  });
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('common.save')}
      confirmLoading={save.isPending}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: initial }}
        onFinish={({ name }) => save.mutate(name.trim())}
      >
        <Form.Item
          name="name"
          label={t('cardholders.view.name')}
          rules={[{ required: true, whitespace: true, message: t('common.required') }]}
        >
          <Input autoFocus maxLength={40} placeholder={t('cardholders.view.name_placeholder')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
