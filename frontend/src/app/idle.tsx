import { Button, Modal } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { signOut, useMe } from '@/api/session';
import { IDLE_WARNING_MS, lastActivity, noteActivity, secondsLeft } from '@/lib/idle-clock';

const TICK_MS = 1000;
/** Somebody who works here without asking the server for anything is told to it this often. */
const PING_MS = 4 * 60_000;
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Warns a minute before a screen that nobody works at is signed out, in all tabs together. */
export function IdleGuard() {
  const { t } = useTranslation();
  const limit = useMe().idle_minutes * 60_000;
  const [left, setLeft] = useState<number | null>(null);
  const stay = useCallback(() => {
    noteActivity(Date.now(), true);
    setLeft(null);
    void tell();
  }, []);
  useEffect(() => {
    noteActivity(Date.now(), true);
    let toldAt = Date.now();
    const work = () => {
      // Once the warning stands, only its button counts: a mouse that is pushed is not somebody at work.
      if (secondsLeft(Date.now(), lastActivity(), limit) > IDLE_WARNING_MS / 1000) noteActivity(Date.now());
    };
    const tick = () => {
      const now = Date.now();
      const seconds = secondsLeft(now, lastActivity(), limit);
      if (seconds <= 0) void signOut(true);
      else setLeft(seconds <= IDLE_WARNING_MS / 1000 ? seconds : null);
      if (now - toldAt > PING_MS && lastActivity() > toldAt) {
        toldAt = now;
        void tell();
      }
    };
    for (const sign of SIGNS) addEventListener(sign, work, { passive: true });
    const timer = setInterval(tick, TICK_MS);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) removeEventListener(sign, work);
    };
  }, [limit]);
  return (
    <Modal
      open={left !== null}
      title={t('security.idle_title')}
      closable={false}
      mask={{ closable: false }}
      onCancel={stay}
      width={420}
      footer={[
        <Button key="out" onClick={() => void signOut()}>
          {t('shell.sign_out')}
        </Button>,
        <Button key="stay" type="primary" autoFocus onClick={stay}>
          {t('security.idle_stay')}
        </Button>,
      ]}
    >
      <p role="timer">{t('security.idle_hint', { n: left ?? 0 })}</p>
    </Modal>
  );
}

/** Any request keeps the session; a refusal is told by the next one that somebody waits for. */
const tell = () => call(http.GET('/api/v1/me')).catch(() => undefined);
