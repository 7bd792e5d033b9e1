import { useMutation } from '@tanstack/react-query';
import { QRCode } from 'antd';
import { CircleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { isProblem } from '@/api/problem';
import { useAuthError } from './auth-error';
import { isWhole } from './code-kind';
import { Field } from './field';
import { RecoveryCodes } from './recovery-codes';
import type { NewSecondFactor } from './security-queries';

/** Three steps: what it is, the secret and the first code, the recovery codes. Nothing of it outlives the page. */
export function Enrolment({ onDone, onConfirmed }: { onDone: () => void; onConfirmed: () => void }) {
  const { t } = useTranslation();
  const [begun, setBegun] = useState<NewSecondFactor | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({
    mutationFn: () => call(http.POST('/api/v1/auth/second_factor')),
    onSuccess: setBegun,
  });
  const show = (fresh: string[]) => {
    setCodes(fresh);
    onConfirmed();
  };
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (begun) return <FirstCode begun={begun} onConfirmed={show} />;
  return (
    <div className="auth-steps">
      <p>{t('security.enrol_app')}</p>
      <Failure error={begin.error} />
      <button
        type="button"
        className="button is-primary is-large"
        disabled={begin.isPending}
        onClick={() => begin.mutate()}
      >
        {t('security.start')}
      </button>
    </div>
  );
}

function FirstCode({
  begun,
  onConfirmed,
}: {
  begun: NewSecondFactor;
  onConfirmed: (codes: string[]) => void;
}) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () =>
      call(http.POST('/api/v1/auth/second_factor/confirm', { body: { code: code.replaceAll(/\D/g, '') } })),
    onSuccess: ({ recovery_codes }) => onConfirmed(recovery_codes),
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole('code', code)) confirm.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <h2 className="auth-step">{t('security.scan')}</h2>
      <div className="auth-qr" role="img" aria-label={t('security.qr')}>
        {/* Scanners want dark on light, whatever the page's colours. */}
        <QRCode
          type="svg"
          value={begun.otpauth_uri}
          size={176}
          color="#000"
          bgColor="#fff"
          bordered={false}
        />
      </div>
      <details className="auth-secret">
        <summary>{t('security.type_secret')}</summary>
        <code translate="no">{begun.secret.match(/.{1,4}/g)?.join(' ')}</code>
      </details>
      <h2 className="auth-step">{t('security.enter')}</h2>
      <Field
        label={t('security.code')}
        hint={t('security.code_hint')}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={7}
        autoFocus
      />
      <Failure error={confirm.error} />
      <button
        type="submit"
        className="button is-primary is-large"
        disabled={confirm.isPending || !isWhole('code', code)}
      >
        {t('security.confirm')}
      </button>
    </form>
  );
}

function Failure({ error }: { error: unknown }) {
  const say = useAuthError();
  // Whoever closes the question for the password knows why nothing happened.
  if (!error || isProblem(error, 'staff.step_up_required')) return null;
  return (
    <p role="alert" className="auth-note is-error">
      <CircleAlert size={16} aria-hidden />
      {say(error)}
    </p>
  );
}
