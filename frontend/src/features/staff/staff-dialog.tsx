import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { useMe } from '@/api/session';
import { isSubmitted } from '@/api/submitted';
import { withoutEmpty } from '@/lib/url-state';
import { useFormProblem } from '@/ui/form';
import { BranchSelect, CodeSelect } from '@/ui/pickers';
import { useSubmittedNotice } from '@/ui/submitted';
import { InitialPassword } from './initial-password';
import type { NewStaff, Staff, StaffPatch } from './queries';
import { ROLES, SCOPES } from './search';

/** `staff` null: a new person, whose initial password is shown once when the account exists. */
export function StaffDialog({ staff, onClose }: { staff: Staff | null; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [form] = Form.useForm<StaffValues>();
  const typed = Form.useWatch([], form);
  const isPower = staff === null || (typed !== undefined && POWERS.some((key) => typed[key] !== staff[key]));
  const { save, busy, banner, created } = useSave(form, staff, onClose);
  const isSelf = staff?.staff_id === me.staff_id;
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const chosen = [{ required: true, message: t('common.required') }];
  if (created) return <InitialPassword {...created} onClose={onClose} />;
  return (
    <Modal
      open
      title={staff ? t('organisation.staff.edit_title') : t('organisation.staff.new')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('common.save')}
      confirmLoading={busy}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={staff ?? { branch_id: me.branch_id }}
        onFinish={save}
      >
        {banner && <div style={{ marginBottom: 16 }}>{banner}</div>}
        <Form.Item
          name="staff_no"
          label={t('organisation.staff.staff_no')}
          rules={required}
          normalize={(typed: string) => typed.toUpperCase()}
          extra={staff ? undefined : t('organisation.staff.staff_no_hint')}
        >
          <Input disabled={staff !== null} autoComplete="off" maxLength={16} autoFocus={staff === null} />
        </Form.Item>
        <Form.Item name="name" label={t('organisation.staff.name')} rules={required}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="role"
          label={t('organisation.staff.role')}
          rules={chosen}
          extra={isSelf ? t('organisation.staff.self_hint') : undefined}
        >
          <CodeSelect
            allowClear={false}
            disabled={isSelf}
            values={ROLES}
            name={(role) => t(`code.role.${role}`)}
          />
        </Form.Item>
        <Form.Item name="branch_id" label={t('organisation.staff.branch')} rules={chosen}>
          <BranchSelect allowClear={false} only_open />
        </Form.Item>
        <Form.Item name="scope" label={t('organisation.staff.scope')} style={{ marginBottom: 0 }}>
          <CodeSelect
            allowClear={staff === null}
            disabled={isSelf}
            placeholder={t('organisation.staff.scope_default')}
            values={SCOPES}
            name={(scope) => t(`code.scope.${scope}`)}
          />
        </Form.Item>
        {isPower && (
          <Form.Item
            name="evidence_note"
            label={t('approvals.evidence_label')}
            extra={t(staff ? 'approvals.submit_hint' : 'organisation.staff.new_hint')}
            rules={required}
            style={{ marginBottom: 0, marginTop: 24 }}
          >
            <Input.TextArea rows={2} maxLength={200} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

const PLAIN = ['name'] as const;
const POWERS = ['role', 'scope', 'branch_id'] as const;
type Editable = (typeof PLAIN)[number] | (typeof POWERS)[number];

type StaffValues = Omit<NewStaff, 'evidence_note'> & { evidence_note?: string };

interface Created {
  name: string;
  password: string;
  is_waiting: boolean;
}

function useSave(
  form: ReturnType<typeof Form.useForm<StaffValues>>[0],
  staff: Staff | null,
  onClose: () => void,
) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const problem = useFormProblem(form);
  const notify = useSubmittedNotice();
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<Created | null>(null);

  const patch = (before: Staff, version: number, keys: readonly Editable[], values: StaffValues) =>
    call(
      http.PATCH('/api/v1/staff/{staff_id}', {
        params: { path: { staff_id: before.staff_id }, header: ifMatch(version) },
        body: {
          ...Object.fromEntries(keys.map((key) => [key, values[key]])),
          ...(keys === POWERS ? withoutEmpty({ evidence_note: values.evidence_note?.trim() }) : {}),
        } as StaffPatch,
      }),
    );
  // What gives powers waits for an approval and comes without the name, which is saved before.
  const change = async (values: StaffValues, before: Staff) => {
    const differs = (key: Editable) => values[key] !== before[key];
    const plain = PLAIN.filter(differs);
    let { version } = before;
    if (plain.length > 0) {
      const saved = await patch(before, version, plain, values);
      if (saved && !isSubmitted(saved)) version = saved.version;
    }
    const answer = POWERS.some(differs) ? await patch(before, version, POWERS, values) : undefined;
    void queryClient.invalidateQueries({ queryKey: ['approvals'] });
    if (!notify(answer)) void message.success(t('common.saved'));
    onClose();
  };
  const create = async ({ evidence_note, ...values }: StaffValues) => {
    const body = { ...values, ...withoutEmpty({ evidence_note: evidence_note?.trim() }) } as NewStaff;
    const { staff: made, initial_password, approval } = await call(http.POST('/api/v1/staff', { body }));
    setCreated({ name: made.name, password: initial_password, is_waiting: approval != null });
    if (approval) notify({ approval });
  };
  const save = async (values: StaffValues) => {
    setBusy(true);
    problem.clear();
    try {
      await (staff ? change(values, staff) : create(values));
    } catch (error) {
      problem.show(error);
    } finally {
      setBusy(false);
      void queryClient.invalidateQueries({ queryKey: ['staff'] });
    }
  };
  return { save, busy, banner: problem.banner, created };
}
