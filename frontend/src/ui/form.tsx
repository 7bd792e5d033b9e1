import { useBlocker } from '@tanstack/react-router';
import { App, Form, type FormInstance, Input, Modal } from 'antd';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldFault, Problem } from '@/api/problem';
import { useFaultText } from './fault-text';
import { placeFaults } from './form-faults';
import { ProblemBanner } from './problem-alert';

/**
 * What the server refused, as a form shows it: faults on their fields, and above the form whatever belongs to
 * none of them.
 */
// biome-ignore lint/suspicious/noExplicitAny: antd's form is invariant in its values and this reads none
export function useFormProblem(form: FormInstance<any>) {
  const say = useFaultText();
  const [shown, setShown] = useState<{ error: unknown; rest: FieldFault[] } | null>(null);
  return {
    clear: () => setShown(null),
    show: (error: unknown) => {
      if (error instanceof Problem && error.errors.length > 0)
        setShown({ error, rest: placeFaults(form, error, say) });
      else setShown({ error, rest: [] });
    },
    banner: shown && <FormProblem {...shown} />,
  };
}

function FormProblem({ error, rest }: { error: unknown; rest: FieldFault[] }) {
  const { t } = useTranslation();
  const say = useFaultText();
  const faults = error instanceof Problem ? error.errors.length : 0;
  if (faults === 0) return <ProblemBanner error={error} />;
  return (
    <div role="alert" className="banner is-danger">
      <CircleAlert size={16} aria-hidden />
      <div>
        <b>{t('problem.form', { n: faults })}</b>
        {rest.map((fault) => (
          <div key={`${fault.pointer} ${fault.code}`}>{say(fault)}</div>
        ))}
      </div>
    </div>
  );
}

/** Asks before leaving a page with unsaved entries, by link, by the back button and by closing the tab. */
export function useUnsavedGuard(isDirty: () => boolean): void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  useBlocker({
    shouldBlockFn: () => {
      if (!isDirty()) return false;
      return new Promise<boolean>((resolve) => {
        modal.confirm({
          title: t('common.unsaved_title'),
          content: t('common.unsaved_body'),
          okText: t('common.unsaved_leave'),
          cancelText: t('common.unsaved_stay'),
          okButtonProps: { danger: true },
          onOk: () => resolve(false),
          onCancel: () => resolve(true),
        });
      });
    },
    enableBeforeUnload: isDirty,
  });
}

interface FormDialogProps<Values> {
  title: string;
  okText: string;
  is_danger?: boolean;
  form: FormInstance<Values>;
  initialValues?: Partial<Values>;
  children: ReactNode;
  /** Rejecting with a `Problem` keeps the dialog open and shows it. */
  onSend: (values: Values) => Promise<unknown>;
  onClose: () => void;
}

/** A form in a dialog: sent once at a time, open until it was taken, what was refused on its fields. */
export function FormDialog<Values extends object>(props: FormDialogProps<Values>) {
  const { form, onSend, onClose } = props;
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const finish = async (values: Values) => {
    setBusy(true);
    problem.clear();
    try {
      await onSend(values);
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={props.title}
      onCancel={onClose}
      onOk={form.submit}
      okText={props.okText}
      okButtonProps={{ danger: props.is_danger }}
      confirmLoading={busy}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={props.initialValues}
        onFinish={finish}
      >
        <div className="stack">
          {problem.banner}
          {props.children}
        </div>
      </Form>
    </Modal>
  );
}

interface ReasonDialogProps {
  title: string;
  okText: string;
  is_danger?: boolean;
  /** What is asked for, where it is not simply the reason. */
  label?: string;
  children?: ReactNode;
  /** Rejecting with a `Problem` keeps the dialog open and shows it. */
  onConfirm: (reason: string) => Promise<unknown>;
  onClose: () => void;
}

const REASON_MAX = 200;

/** Confirming and saying why, in one step. */
export function ReasonDialog({ label, children, onConfirm, ...dialog }: ReasonDialogProps) {
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <FormDialog form={form} onSend={({ reason }) => onConfirm(reason.trim())} {...dialog}>
      {children}
      <ReasonField label={label} />
    </FormDialog>
  );
}

export function ReasonField({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="reason"
      label={label ?? t('common.reason')}
      rules={[{ required: true, whitespace: true, message: t('common.required') }]}
      style={{ marginBottom: 22 }}
    >
      <Input.TextArea
        autoFocus
        rows={3}
        maxLength={REASON_MAX}
        showCount
        placeholder={t('common.reason_placeholder')}
      />
    </Form.Item>
  );
}
