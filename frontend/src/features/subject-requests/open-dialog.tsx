import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { REVEAL_PURPOSES, type RevealPurpose } from '@/api/reveals';
import { FormDialog } from '@/ui/form';
import { CodeSelect } from '@/ui/pickers';
import { openPackage } from './queries';

interface Values {
  purpose: RevealPurpose;
  note?: string;
}

/** Asks what the copy is handed over for, and lets the browser keep it as a file. */
export function OpenDialog({ request_id, onClose }: { request_id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const open = async ({ purpose, note }: Values) => {
    const opened = await openPackage(request_id, { purpose, note: note?.trim() || undefined });
    save(`subject-request-${request_id}.json`, opened);
  };
  return (
    <FormDialog
      title={t('law.package.open')}
      okText={t('law.package.download')}
      form={form}
      onSend={open}
      onClose={onClose}
    >
      <p className="muted">{t('law.package.open_hint')}</p>
      <Form.Item
        name="purpose"
        label={t('law.package.purpose')}
        rules={[{ required: true, message: t('common.required') }]}
        style={{ marginBottom: 0 }}
      >
        <CodeSelect
          allowClear={false}
          values={REVEAL_PURPOSES}
          name={(purpose) => t(`code.reveal_purpose.${purpose}`)}
        />
      </Form.Item>
      <Form.Item name="note" label={t('law.package.note')} style={{ marginBottom: 0 }}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}

/** Lets the browser keep it as a file. */
function save(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
