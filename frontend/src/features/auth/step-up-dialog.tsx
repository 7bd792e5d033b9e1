import { Form, Input, Modal } from 'antd';
import { CircleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { isProblem } from '@/api/problem';
import { useMe } from '@/api/session';
import { useStepUp } from '@/api/step-up';
import { useAuthError } from './auth-error';

/** Asks for the password once more, for whichever request the server refused without it. */
export function StepUpDialog() {
  const answer = useStepUp((state) => state.answer);
  // Whoever waits must not wait for a dialog that is gone with the page.
  useEffect(() => () => useStepUp.getState().answer?.(false), []);
  return answer && <Dialog answer={answer} />;
}

function Dialog({ answer }: { answer: (is_proved: boolean) => void }) {
  const { t } = useTranslation();
  const { staff_no, name } = useMe();
  const say = useAuthError();
  const [form] = Form.useForm<{ password: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const finish = async ({ password }: { password: string }) => {
    setBusy(true);
    setError(null);
    try {
      await call(http.POST('/api/v1/auth/step_up', { body: { password } }));
      answer(true);
    } catch (failure) {
      form.resetFields();
      setError(isProblem(failure, 'staff.password_wrong') ? t('auth.step_up_wrong') : say(failure));
      setBusy(false);
    }
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
          <p className="muted">{t('auth.step_up_hint', { name, staff_no })}</p>
          {error && (
            <div role="alert" className="banner is-danger">
              <CircleAlert size={16} aria-hidden />
              <div>{error}</div>
            </div>
          )}
          {/* For the password manager: whose password it is. */}
          <input type="text" autoComplete="username" value={staff_no} readOnly hidden />
          <Form.Item
            name="password"
            label={t('auth.password')}
            rules={[{ required: true, message: t('common.required') }]}
          >
            <Input.Password autoFocus autoComplete="current-password" maxLength={128} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
