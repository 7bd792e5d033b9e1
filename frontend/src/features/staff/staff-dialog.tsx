import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { useMe } from '@/api/session';
import { useFormProblem } from '@/ui/form';
import { BranchSelect, CodeSelect } from '@/ui/pickers';
import { InitialPassword } from './initial-password';
import type { NewStaff, Staff, StaffPatch } from './queries';
import { ROLES, SCOPES } from './search';

/** `staff` null: a new person, whose initial password is shown once when the account exists. */
export function StaffDialog({ staff, onClose }: { staff: Staff | null; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [form] = Form.useForm<NewStaff>();
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
      </Form>
    </Modal>
  );
}

const EDITABLE = ['name', 'role', 'scope', 'branch_id'] as const;

function useSave(
  form: ReturnType<typeof Form.useForm<NewStaff>>[0],
  staff: Staff | null,
  onClose: () => void,
) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<{ name: string; password: string } | null>(null);

  const change = async (values: NewStaff, before: Staff) => {
    const entries = EDITABLE.filter((key) => values[key] !== before[key]).map((key) => [key, values[key]]);
    if (entries.length > 0)
      await call(
        http.PATCH('/api/v1/staff/{staff_id}', {
          params: { path: { staff_id: before.staff_id }, header: ifMatch(before.version) },
          body: Object.fromEntries(entries) as StaffPatch,
        }),
      );
    void message.success(t('common.saved'));
    onClose();
  };
  const create = async (values: NewStaff) => {
    const { staff: made, initial_password } = await call(http.POST('/api/v1/staff', { body: values }));
    setCreated({ name: made.name, password: initial_password });
  };
  const save = async (values: NewStaff) => {
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
