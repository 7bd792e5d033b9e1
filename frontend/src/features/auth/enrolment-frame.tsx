import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadMe, owesSecondFactor, signOut, useMe } from '@/api/session';
import { useTitle } from '@/lib/i18n';
import { AuthFrame } from './auth-frame';
import { Enrolment } from './enrolment';
import { StepUpDialog } from './step-up-dialog';

/** Setting a second factor up, of one's own accord or because nothing else is allowed any more. */
export function EnrolmentFrame() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const forced = owesSecondFactor(me);
  // The recovery codes are shown this once: there is no way past them.
  const [isConfirmed, setConfirmed] = useState(false);
  useTitle(t('security.enrol_title'));
  const done = async () => {
    await loadMe();
    await navigate({ to: forced ? '/' : '/security' });
  };
  return (
    <AuthFrame>
      <h1>{t(forced ? 'security.forced' : 'security.enrol_title')}</h1>
      <p className="auth-lead">
        {me.name} · {me.staff_no}
        <br />
        {t(forced ? 'security.forced_hint' : 'security.enrol_lead')}
      </p>
      <Enrolment onDone={() => void done()} onConfirmed={() => setConfirmed(true)} />
      {isConfirmed ? null : forced ? (
        <button type="button" className="link auth-back" onClick={() => void signOut()}>
          {t('shell.sign_out')}
        </button>
      ) : (
        <Link to="/security" className="link auth-back">
          {t('security.later')}
        </Link>
      )}
      <StepUpDialog />
    </AuthFrame>
  );
}
