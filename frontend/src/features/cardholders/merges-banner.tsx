import './merge.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Combine } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { dayOf } from '@/lib/dates';
import { ReasonDialog } from '@/ui/form';
import { type Merge, mergesQuery, unmerge } from './merge-queries';

/** Which records this customer stands for, each merge with the way back while there is one. */
export function MergesBanner({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const mayWrite = useMayChange('cardholders:write');
  const { data = [] } = useQuery(mergesQuery(cardholder_id));
  const [undoing, setUndoing] = useState<Merge | null>(null);
  if (data.length === 0) return null;
  return (
    <section className="banner record-banner merges-banner" aria-label={t('merges.banner')}>
      <Combine size={16} aria-hidden />
      <div className="grow">
        <b>{t('merges.banner')}</b>
        <ul>
          {data.map((merge) => (
            <li key={merge.merge_id}>
              <span>
                {t('merges.line', { who: whoOf(merge), at: dayOf(merge.merged_at) })}{' '}
                <small className="num">
                  {merge.is_reversible
                    ? t('merges.until', { on: dayOf(merge.reversible_until) })
                    : t('merges.too_late')}
                </small>
              </span>
              {mayWrite && merge.is_reversible && (
                <Button size="small" onClick={() => setUndoing(merge)}>
                  {t('merges.undo')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
      {undoing && (
        <UndoDialog cardholder_id={cardholder_id} merge={undoing} onClose={() => setUndoing(null)} />
      )}
    </section>
  );
}

const whoOf = (merge: Merge): string =>
  merge.records.map(({ name, customer_no }) => [name, customer_no].filter(Boolean).join(' ')).join(' · ');

function UndoDialog(props: { cardholder_id: string; merge: Merge; onClose: () => void }) {
  const { cardholder_id, merge, onClose } = props;
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
