import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { erasureCheckQuery } from './queries';

/** That what is shown is a tombstone: who it was is known to nobody any more. */
export function ErasedBanner({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(erasureCheckQuery(cardholder_id));
  if (!data?.is_erased) return null;
  return (
    <p className="banner record-banner" role="status">
      {t('law.erasure.erased', { at: dateTime(data.erased_at ?? '') })}
    </p>
  );
}
