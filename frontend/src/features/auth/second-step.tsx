import { CircleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { type Me, signInWithSecondFactor } from '@/api/session';
import { useAuthError } from './auth-error';
import { type CodeKind, codeProof, isWhole } from './code-kind';
import { Field } from './field';

interface SecondStepProps {
  challenge: string;
  staff_no: string;
  onIn: (me: Me) => Promise<void>;
  /** The challenge is over, or somebody else wants to sign in. */
  onStartOver: (reason?: unknown) => void;
}

const UNFILLED = Symbol('unfilled');

/** The second half of signing in: the authenticator's code, or one on paper. */
export function SecondStep({ challenge, staff_no, onIn, onStartOver }: SecondStepProps) {
  const { t } = useTranslation();
  const say = useAuthError();
  const [kind, setKind] = useState<CodeKind>('code');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ reason: unknown } | null>(null);
  const error = failure && (failure.reason === UNFILLED ? t('security.fill') : say(failure.reason));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isWhole(kind, code)) return setFailure({ reason: UNFILLED });
    setBusy(true);
    setFailure(null);
    try {
      await onIn(await signInWithSecondFactor(challenge, codeProof(kind, code)));
    } catch (reason) {
      if (isProblem(reason, 'staff.challenge_ended')) return onStartOver(reason);
      setCode('');
      setFailure({ reason });
      setBusy(false);
    }
  };
  const turn = () => {
    setKind(kind === 'code' ? 'recovery_code' : 'code');
    setCode('');
    setFailure(null);
  };
  return (
    <>
      <h1>{t('security.step_title')}</h1>
      <p className="auth-lead">
        {staff_no}
        <br />
        {t('security.step_lead')}
      </p>
      <form onSubmit={submit} noValidate>
        <Field
          key={kind}
          label={t(`security.${kind}`)}
          hint={t(kind === 'code' ? 'security.code_hint' : 'security.recovery_hint')}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="one-time-code"
          inputMode={kind === 'code' ? 'numeric' : 'text'}
          spellCheck={false}
          maxLength={kind === 'code' ? 7 : 40}
          autoFocus
        />
        {error && (
          <p role="alert" className="auth-note is-error">
            <CircleAlert size={16} aria-hidden />
            {error}
          </p>
        )}
        <button type="submit" className="button is-primary is-large" disabled={busy}>
          {t('security.step_submit')}
        </button>
        <button type="button" className="link auth-back" onClick={turn}>
          {t(kind === 'code' ? 'security.use_recovery' : 'security.use_code')}
        </button>
        <button type="button" className="link auth-back" onClick={() => onStartOver()}>
          {t('security.step_back')}
        </button>
        <p className="auth-legal">{t('security.lost')}</p>
      </form>
    </>
  );
}
