import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { type Me, signIn } from '@/api/session';
import { useTitle } from '@/lib/i18n';
import { safeNext } from '@/lib/url-state';
import { useAuthError } from './auth-error';
import { AuthFrame } from './auth-frame';
import { Field } from './field';
import { SecondStep } from './second-step';

const REMEMBERED = 'cardea.staff_no';
const route = getRouteApi('/login');

const UNFILLED = Symbol('unfilled');

export function LoginPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { next, notice } = route.useSearch();
  const say = useAuthError();
  const [staffNo, setStaffNo] = useState(() => localStorage.getItem(REMEMBERED) ?? '');
  const [password, setPassword] = useState('');
  const [remember, setRemember] = useState(true);
  const [busy, setBusy] = useState(false);
  // The reason and not its sentence: the language may be changed while it stands there.
  const [failure, setFailure] = useState<{ reason: unknown } | null>(null);
  const [challenge, setChallenge] = useState<string | null>(null);
  const error = failure && (failure.reason === UNFILLED ? t('auth.fill') : say(failure.reason));
  useTitle(t('auth.title'));

  const enter = async (me: Me) => {
    if (remember) localStorage.setItem(REMEMBERED, staffNo.trim());
    else localStorage.removeItem(REMEMBERED);
    await (me.must_change_password
      ? navigate({ to: '/password' })
      : navigate({ href: safeNext(next) ?? '/' }));
  };
  /** Back to the first step, with the reason if there is one. */
  const startOver = (reason?: unknown) => {
    setChallenge(null);
    setBusy(false);
    setFailure(reason ? { reason } : null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!staffNo.trim() || !password) return setFailure({ reason: UNFILLED });
    setBusy(true);
    setFailure(null);
    try {
      await enter(await signIn(staffNo.trim(), password));
    } catch (reason) {
      setPassword('');
      if (isProblem(reason, 'staff.second_factor_required'))
        return setChallenge(String(reason.params.challenge));
      setFailure({ reason });
      setBusy(false);
    }
  };

  if (challenge)
    return (
      <AuthFrame>
        <SecondStep challenge={challenge} staff_no={staffNo.trim()} onIn={enter} onStartOver={startOver} />
      </AuthFrame>
    );
  return (
    <AuthFrame>
      <h1>{t('auth.title')}</h1>
      <p className="auth-lead">{t('auth.subtitle')}</p>
      {notice === 'password_changed' && !error && (
        <output className="auth-note is-ok">
          <CircleCheck size={16} aria-hidden />
          <span>
            <b>{t('auth.password_changed')}</b>
            {t('auth.password_changed_hint')}
          </span>
        </output>
      )}
      {notice === 'ended' && !error && <output className="auth-note is-info">{t('auth.ended')}</output>}
      <form onSubmit={submit} noValidate>
        <Field
          label={t('auth.staff_no')}
          placeholder={t('auth.staff_no_placeholder')}
          value={staffNo}
          onChange={(event) => setStaffNo(event.target.value)}
          autoComplete="username"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus={!staffNo}
          maxLength={32}
        />
        <Field
          label={t('auth.password')}
          placeholder={t('auth.password_placeholder')}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          autoFocus={Boolean(staffNo)}
          is_password
          maxLength={256}
        />
        <label className="auth-check">
          <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.target.checked)} />
          {t('auth.remember')}
        </label>
        {error && (
          <p role="alert" className="auth-note is-error">
            <CircleAlert size={16} aria-hidden />
            {error}
          </p>
        )}
        <button type="submit" className="button is-primary is-large" disabled={busy}>
          {busy ? t('auth.submitting') : t('auth.submit')}
        </button>
      </form>
    </AuthFrame>
  );
}
