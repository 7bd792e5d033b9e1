import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFieldName, useFieldValue } from './change-text';
import type { Difference } from './form-values';

interface StaleDialogProps {
  differences: Difference[];
  busy: boolean;
  onReload: () => void;
  onKeep: () => void;
  onClose: () => void;
}

/** Somebody saved in between: what changed, beside what this person entered, and the choice between them. */
export function StaleDialog({ differences, busy, onReload, onKeep, onClose }: StaleDialogProps) {
  const { t } = useTranslation();
  const fieldName = useFieldName();
  const fieldValue = useFieldValue();
  const text = (field: string, value: string | null) => (value === null ? '—' : fieldValue(field, value));
  return (
    <Modal
      open
      title={t('problem.stale_title')}
      onCancel={onClose}
      footer={[
        <Button key="reload" onClick={onReload}>
          {t('problem.stale_reload')}
        </Button>,
        <Button key="keep" type="primary" loading={busy} onClick={onKeep}>
          {t('problem.stale_keep')}
        </Button>,
      ]}
    >
      <p>{differences.length > 0 ? t('problem.stale_hint') : t('problem.stale_none')}</p>
      {differences.length > 0 && (
        <table className="stale-table">
          <thead>
            <tr>
              <td />
              <th scope="col">{t('problem.stale_theirs')}</th>
              <th scope="col">{t('problem.stale_mine')}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ field, theirs, mine }) => (
              <tr key={field}>
                <th scope="row">{fieldName(field)}</th>
                <td>{text(field, theirs)}</td>
                <td>{mine === undefined ? t('problem.stale_untouched') : text(field, mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}
