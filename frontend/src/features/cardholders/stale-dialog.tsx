import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFieldName, useFieldValue } from './change-text';
import { differences } from './form-values';
import type { Cardholder, CardholderPatch } from './queries';

interface StaleDialogProps {
  /** The record as the form was opened with it, and as it stands now. */
  base: Cardholder;
  latest: Cardholder;
  /** What this person would change. */
  patch: CardholderPatch;
  busy: boolean;
  onReload: () => void;
  onKeep: () => void;
  onClose: () => void;
}

/** Somebody saved in between: what changed, beside what this person entered, and the choice between them. */
export function StaleDialog({ base, latest, patch, busy, onReload, onKeep, onClose }: StaleDialogProps) {
  const { t } = useTranslation();
  const fieldName = useFieldName();
  const fieldValue = useFieldValue();
  const rows = differences(base, latest, patch);
  const text = (field: string, value: string | null, currency: string | null | undefined) =>
    value === null ? '—' : fieldValue(field, value, currency);
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
      <p>{rows.length > 0 ? t('problem.stale_hint') : t('problem.stale_none')}</p>
      {rows.length > 0 && (
        <table className="stale-table">
          <thead>
            <tr>
              <td />
              <th scope="col">{t('problem.stale_theirs')}</th>
              <th scope="col">{t('problem.stale_mine')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, theirs, mine }) => (
              <tr key={field}>
                <th scope="row">{fieldName(field)}</th>
                <td>{text(field, theirs, latest.yearly_income_currency)}</td>
                <td>
                  {mine === undefined
                    ? t('problem.stale_untouched')
                    : text(field, mine, patch.yearly_income_currency)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}
