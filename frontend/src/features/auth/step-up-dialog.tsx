import { Form, Input, Modal } from 'antd';
import { CircleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { isProblem } from '@/api/problem';
import { useMe } from '@/api/session';
import { useStepUp } from '@/api/step-up';
import { useAuthError } from './auth-error';
import { type CodeKind, codeProof, isWhole } from './code-kind';

/** Asks for a proof once more, for whichever request the server refused without it. */
export function StepUpDialog() {
  const answer = useStepUp((state) => state.answer);
  const by = useStepUp((state) => state.by);
  // Whoever waits must not wait for a dialog that is gone with the page.
  useEffect(() => () => useStepUp.getState().answer?.(false), []);
  return answer && <Dialog answer={answer} by={by} />;
}

interface Shown {
  password?: string;
  code?: string;
}

function Dialog({ answer, by }: { answer: (is_proved: boolean) => void; by: 'password' | 'code' }) {
  const { t } = useTranslation();
  const { staff_no, name } = useMe();
  const say = useAuthError();
  const [form] = Form.useForm<Shown>();
  const [kind, setKind] = useState<CodeKind>('code');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const finish = async ({ password, code = '' }: Shown) => {
    setBusy(true);
    setError(null);
    try {
      const body = by === 'password' ? { password } : codeProof(kind, code);
      await call(http.POST('/api/v1/auth/step_up', { body }));
      answer(true);
    } catch (failure) {
      form.resetFields();
      setError(isProblem(failure, 'staff.password_wrong') ? t('auth.step_up_wrong') : say(failure));
      setBusy(false);
    }
  };
  const turn = () => {
    form.resetFields();
    setKind(kind === 'code' ? 'recovery_code' : 'code');
  };
  return (
    <Modal
      open
      title={t('auth.step_up_title')}
      onCancel={() => answer(false)}
      onOk={form.submit}
      okText={t('auth.step_up_submit')}
      confirmLoading={busy}
      width={420}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={finish}>
        <div className="stack">
          <p className="muted">
            {t(by === 'password' ? 'auth.step_up_hint' : 'auth.step_up_code_hint', { name, staff_no })}
          </p>
          {error && (
            <div role="alert" className="banner is-danger">
              <CircleAlert size={16} aria-hidden />
              <div>{error}</div>
            </div>
          )}
          {/* For the password manager: whose password it is. */}
          <input type="text" autoComplete="username" value={staff_no} readOnly hidden />
          {by === 'password' ? (
            <Form.Item
              name="password"
              label={t('auth.password')}
              rules={[{ required: true, message: t('common.required') }]}
            >
              <Input.Password autoFocus autoComplete="current-password" maxLength={128} />
            </Form.Item>
          ) : (
            <>
              <CodeItem kind={kind} />
              <div>
                <button type="button" className="link" onClick={turn}>
                  {t(kind === 'code' ? 'security.use_recovery' : 'security.use_code')}
                </button>
              </div>
            </>
          )}
        </div>
      </Form>
    </Modal>
  );
}

function CodeItem({ kind }: { kind: CodeKind }) {
  const { t } = useTranslation();
  const whole = (_: unknown, text = '') =>
    isWhole(kind, text) ? Promise.resolve() : Promise.reject(new Error(t('security.fill')));
  return (
    <Form.Item
      key={kind}
      name="code"
      label={t(`security.${kind}`)}
      extra={t(kind === 'code' ? 'security.code_hint' : 'security.recovery_hint')}
      validateTrigger="onSubmit"
      rules={[{ validator: whole }]}
    >
      <Input
        autoFocus
        autoComplete="one-time-code"
        inputMode={kind === 'code' ? 'numeric' : 'text'}
        maxLength={40}
      />
    </Form.Item>
  );
}
