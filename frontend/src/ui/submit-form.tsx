import { useTranslation } from 'react-i18next';
import { ReasonDialog } from './form';

export interface SubmitProps {
  onConfirm: (evidence_note: string) => Promise<unknown>;
  onClose: () => void;
}

/** The dialog of `SubmitDialog`, apart from it because few visits need a form. */
export function SubmitForm(props: SubmitProps) {
  const { t } = useTranslation();
  return (
    <ReasonDialog
      title={t('approvals.submit_title')}
      okText={t('approvals.submit')}
      label={t('approvals.evidence_label')}
      {...props}
    >
      <p className="muted">{t('approvals.submit_hint')}</p>
    </ReasonDialog>
  );
}
