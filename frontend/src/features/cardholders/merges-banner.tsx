import './merge.css';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Combine } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { dayOf } from '@/lib/dates';
import { type Merge, mergesQuery, whoOf } from './merge-queries';

const UndoDialog = lazy(() => import('./undo-dialog').then((module) => ({ default: module.UndoDialog })));

/** Which records this customer stands for, each merge with the way back while there is one. */
export function MergesBanner({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const mayWrite = useMayChange('cardholders:write');
  const { data = [] } = useQuery(mergesQuery(cardholder_id));
  const [undoing, setUndoing] = useState<Merge | null>(null);
  const now = new Date();
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
                  {new Date(merge.reversible_until) >= now
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
        <Suspense>
          <UndoDialog cardholder_id={cardholder_id} merge={undoing} onClose={() => setUndoing(null)} />
        </Suspense>
      )}
    </section>
  );
}
