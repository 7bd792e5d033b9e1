import { useCallback, useEffect, useState } from 'react';
import { type Answer, type Body, call, http } from '@/api/client';

export type RevealWish = Body<'/api/v1/cardholders/{cardholder_id}/reveal', 'post'>;
export type RevealField = RevealWish['field'];
type Revealed = Answer<'/api/v1/cardholders/{cardholder_id}/reveal', 'post'>;

/** Never through the query cache: the value lives in the component that shows it and nowhere else. */
export const reveal = (cardholder_id: string, body: RevealWish): Promise<Revealed> =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/reveal', { params: { path: { cardholder_id } }, body }),
  );

const TICK_MS = 250;

/** A value in clear, until its time is up, the page is left or the window is no longer looked at. */
export function useShown() {
  const [shown, setShown] = useState<{ value: string; ends_at: number } | null>(null);
  const [seconds, setSeconds] = useState(0);
  const hide = useCallback(() => setShown(null), []);
  const show = useCallback(({ value, shown_seconds }: Revealed) => {
    setSeconds(shown_seconds);
    setShown({ value, ends_at: Date.now() + shown_seconds * 1000 });
  }, []);
  useEffect(() => {
    if (!shown) return;
    const tick = setInterval(() => {
      const left = Math.ceil((shown.ends_at - Date.now()) / 1000);
      if (left <= 0) hide();
      else setSeconds(left);
    }, TICK_MS);
    const leave = () => document.visibilityState === 'hidden' && hide();
    document.addEventListener('visibilitychange', leave);
    addEventListener('blur', hide);
    addEventListener('pagehide', hide);
    return () => {
      clearInterval(tick);
      document.removeEventListener('visibilitychange', leave);
      removeEventListener('blur', hide);
      removeEventListener('pagehide', hide);
    };
  }, [shown, hide]);
  return { value: shown?.value ?? null, seconds, show, hide };
}
