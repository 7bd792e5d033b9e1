import { App, Button, Modal } from 'antd';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Shown once, kept nowhere. */
export function InitialPassword({
  name,
  password,
  is_waiting,
  onClose,
}: {
  name: string;
  password: string;
  /** Whether somebody else must approve the account before it opens. */
  is_waiting?: boolean;
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
        {is_waiting && <p className="banner">{t('organisation.staff.waiting_hint')}</p>}
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
