import './break-glass.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { Siren } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { duration, timeOf } from '@/lib/dates';
import { useLang } from '@/lib/prefs';
import { useNow } from '@/lib/use-now';
import { useProblemText } from '@/ui/problem-text';
import { closeRecord, type Grant, isOpen } from './queries';

const SECOND = 1000;

/** Above a record that is open for a while: until when, that it may be read alone, and the way to close it. */
export function OpenedBanner({ grant }: { grant: Grant }) {
  const { t } = useTranslation();
  const lang = useLang();
  const now = useNow(SECOND);
  const forget = useForget(grant.cardholder_id);
  const { close, isPending } = useClose(grant);
  const isOver = !isOpen(grant, now);
  useEffect(() => {
    if (isOver) void forget();
  }, [isOver, forget]);
  const left = Math.max(0, Date.parse(grant.ends_at) - now.getTime());
  return (
    <section className="banner is-warn opened-banner" aria-label={t('desk.break_glass.title')}>
      <Siren size={16} aria-hidden />
      <div className="grow">
        <b>{t('desk.break_glass.opened', { until: timeOf(grant.ends_at) })}</b>
        {t('desk.break_glass.opened_hint')}
      </div>
      <span className="num opened-left" aria-hidden>
        {t('desk.break_glass.left', { left: duration(left, lang) })}
      </span>
      <Button size="small" loading={isPending} onClick={close}>
        {t('desk.break_glass.close')}
      </Button>
    </section>
  );
}

/** Nothing of the record stays in memory once it is closed; what shows it asks again and is refused. */
function useForget(cardholder_id: string): () => Promise<void> {
  const queryClient = useQueryClient();
  return useCallback(async () => {
    void queryClient.invalidateQueries({ queryKey: ['break_glass'] });
    await queryClient.resetQueries({ queryKey: ['cardholders', cardholder_id] });
  }, [queryClient, cardholder_id]);
}

function useClose({ grant_id, cardholder_id }: Grant) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useProblemText();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const closing = useMutation({
    mutationFn: () => closeRecord(grant_id),
    onSuccess: async () => {
      void message.success(t('desk.break_glass.closed'));
      await navigate({ to: '/break_glass', search: { tab: 'own' } });
      queryClient.removeQueries({ queryKey: ['cardholders', cardholder_id] });
      void queryClient.invalidateQueries({ queryKey: ['break_glass'] });
    },
    onError: (error) => void message.error(say(error).line),
  });
  return { close: () => closing.mutate(), isPending: closing.isPending };
}
