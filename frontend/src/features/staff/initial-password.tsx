import { App, Button, Modal } from 'antd';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Shown once, kept nowhere. */
export function InitialPassword({
  name,
  password,
  onClose,
}: {
  name: string;
  password: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = async () => {
    await navigator.clipboard.writeText(password);
    void message.success(t('common.copied'));
  };
  return (
    <Modal
      open
      title={t('organisation.staff.initial_title')}
      onCancel={onClose}
      closable={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
    >
      <div className="stack">
        <p>{t('organisation.staff.initial_hint', { name })}</p>
        <div className="row">
          <code className="initial-password grow" translate="no">
            {password}
          </code>
          <Button icon={<Copy size={15} />} onClick={() => void copy()}>
            {t('common.copy')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
