import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { ReasonDialog } from '@/ui/form';
import { type Merge, unmerge, whoOf } from './merge-queries';

interface UndoDialogProps {
  cardholder_id: string;
  merge: Merge;
  onClose: () => void;
}

/** Parts what was merged, for a reason. */
export function UndoDialog({ cardholder_id, merge, onClose }: UndoDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const confirm = async (reason: string) => {
    await unmerge(cardholder_id, merge.merge_id, reason);
    void message.success(t('merges.undone'));
    void queryClient.invalidateQueries({ queryKey: ['cardholders'] });
  };
  return (
    <ReasonDialog
      title={t('merges.undo_title')}
      okText={t('merges.undo')}
      is_danger
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{whoOf(merge)}</p>
      <p className="muted">{t('merges.undo_hint')}</p>
    </ReasonDialog>
  );
}
