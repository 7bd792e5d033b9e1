import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCode } from '@/lib/i18n';
import { useFormProblem } from '@/ui/form';
import type { Approval, Decision } from './queries';

const COMMENT_MAX = 500;
/** So many are named one by one. */
const NAMED = 5;

interface DecideDialogProps {
  decision: Decision;
  approvals: Approval[];
  /** Rejecting with a `Problem` keeps the dialog open and shows it. */
  onConfirm: (comment: string) => Promise<unknown>;
  onClose: () => void;
}

/** A yes with or without a word, a no with its reason. */
export function DecideDialog({ decision, approvals, onConfirm, onClose }: DecideDialogProps) {
  const { t } = useTranslation();
  const name = useCode();
  const [form] = Form.useForm<{ comment?: string }>();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const isReject = decision === 'reject';
  const finish = async ({ comment }: { comment?: string }) => {
    setBusy(true);
    problem.clear();
    try {
      await onConfirm(comment?.trim() ?? '');
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t(isReject ? 'approvals.reject_title' : 'approvals.approve_title', { n: approvals.length })}
      onCancel={onClose}
      onOk={form.submit}
      okText={t(isReject ? 'approvals.reject' : 'approvals.approve')}
      okButtonProps={{ danger: isReject }}
      confirmLoading={busy}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={finish}>
        <div className="stack">
          {problem.banner}
          <ul className="decide-subjects">
            {approvals.slice(0, NAMED).map((approval) => (
              <li key={approval.approval_id}>
                <b>{name('approvals.operation', approval.operation)}</b> {approval.subject_name}{' '}
                <span className="num muted">{approval.subject_no}</span>
              </li>
            ))}
            {approvals.length > NAMED && (
              <li className="muted">{t('approvals.and_more', { n: approvals.length - NAMED })}</li>
            )}
          </ul>
          <Form.Item
            name="comment"
            label={t(isReject ? 'approvals.reject_reason' : 'approvals.comment')}
            rules={
              isReject
                ? [{ required: true, whitespace: true, min: 2, message: t('common.required') }]
                : undefined
            }
            style={{ marginBottom: 22 }}
          >
            <Input.TextArea autoFocus rows={3} maxLength={COMMENT_MAX} showCount />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
