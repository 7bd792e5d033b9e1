import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

const LINES = [
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['x', 'select'],
  ['a', 'approve'],
  ['r', 'reject'],
  ['Esc', 'clear'],
  ['?', 'help'],
] as const;

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open title={t('approvals.keys.title')} onCancel={onClose} footer={null}>
      <dl className="facts">
        {LINES.map(([key, what]) => (
          <div key={key} className="fact">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`approvals.keys.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
