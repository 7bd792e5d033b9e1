import { Link, useNavigate } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { isProblem, type Problem } from '@/api/problem';
import { signOut, useMe } from '@/api/session';
import { useTitle } from '@/lib/i18n';
import { useAuthError } from './auth-error';
import { AuthFrame } from './auth-frame';
import { Field } from './field';
import { PASSWORD_MIN, strength } from './password-strength';

type Place = 'current' | 'next' | 'repeat' | 'form';
/** Reasons and not their sentences: the language may be changed while they stand there. */
type Reasons = Partial<Record<Place, keyof typeof OWN_REASONS | Problem | Error>>;

const OWN_REASONS = {
  required: 'common.required',
  rule: 'auth.password_rule',
  same: 'auth.password_same',
  mismatch: 'auth.password_mismatch',
} as const;

export function PasswordPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { values, set, submit, busy, faults } = usePasswordForm();
  const forced = me.must_change_password;
  useTitle(t('auth.password_title'));
  return (
    <AuthFrame>
      <h1>{forced ? t('auth.password_forced') : t('auth.password_title')}</h1>
      <p className="auth-lead">
        {me.name} · {me.staff_no}
        {forced && (
          <>
            <br />
            {t('auth.password_forced_hint')}
          </>
        )}
      </p>
      <form onSubmit={submit} noValidate>
        <input
          type="text"
          className="sr-only"
          autoComplete="username"
          value={me.staff_no}
          readOnly
          tabIndex={-1}
          aria-hidden
        />
        <Field
          label={t('auth.current_password')}
          value={values.current}
          onChange={(event) => set({ current: event.target.value })}
          autoComplete="current-password"
          error={faults.current}
          is_password
          autoFocus
        />
        <Field
          label={t('auth.new_password')}
          value={values.next}
          onChange={(event) => set({ next: event.target.value })}
          autoComplete="new-password"
          error={faults.next}
          hint={t('auth.password_rule')}
          is_password
        />
        {values.next && <StrengthMeter value={strength(values.next, me.staff_no)} />}
        <Field
          label={t('auth.repeat_password')}
          value={values.repeat}
          onChange={(event) => set({ repeat: event.target.value })}
          autoComplete="new-password"
          error={faults.repeat}
          is_password
        />
        {faults.form && (
          <p role="alert" className="auth-note is-error">
            <CircleAlert size={16} aria-hidden />
            {faults.form}
          </p>
        )}
        <button type="submit" className="button is-primary is-large" disabled={busy}>
          {t('auth.password_submit')}
        </button>
        {forced ? (
          <button type="button" className="link auth-back" onClick={() => void signOut()}>
            {t('shell.sign_out')}
          </button>
        ) : (
          <Link to="/" className="link auth-back">
            {t('problem.go_home')}
          </Link>
        )}
      </form>
    </AuthFrame>
  );
}

function usePasswordForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const say = useAuthError();
  const [values, setValues] = useState({ current: '', next: '', repeat: '' });
  const [busy, setBusy] = useState(false);
  const [reasons, setReasons] = useState<Reasons>({});

  const check = (): Reasons => {
    const { current, next, repeat } = values;
    if (!current) return { current: 'required' };
    if (next.length < PASSWORD_MIN) return { next: 'rule' };
    if (next === current) return { next: 'same' };
    if (next !== repeat) return { repeat: 'mismatch' };
    return {};
  };
  const send = async () => {
    const body = { current_password: values.current, new_password: values.next };
    await call(http.POST('/api/v1/auth/password', { body }));
    await signOut();
    await navigate({ to: '/login', search: { notice: 'password_changed' } });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = check();
    setReasons(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await send();
    } catch (error) {
      setBusy(false);
      if (isProblem(error, 'staff.password_wrong')) setReasons({ current: error });
      else if (isProblem(error, 'staff.password_weak')) setReasons({ next: error });
      else setReasons({ form: error as Error });
    }
  };
  const set = (patch: Partial<typeof values>) => setValues((old) => ({ ...old, ...patch }));
  const sayAt = (place: Place): string | undefined => {
    const reason = reasons[place];
    return typeof reason === 'string' ? t(OWN_REASONS[reason]) : reason && say(reason);
  };
  const faults = {
    current: sayAt('current'),
    next: sayAt('next'),
    repeat: sayAt('repeat'),
    form: sayAt('form'),
  };
  return { values, set, submit, busy, faults };
}

function StrengthMeter({ value }: { value: 'weak' | 'fair' | 'good' }) {
  const { t } = useTranslation();
  return (
    <p className={`strength is-${value}`} aria-live="polite">
      <i aria-hidden />
      {t('auth.strength')} {t(`auth.strength_${value}`)}
    </p>
  );
}
