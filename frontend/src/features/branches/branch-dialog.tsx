import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { type Branch, branchesQuery } from '@/api/reference';
import { subTree, treeRows } from '@/lib/tree';
import { useFormProblem } from '@/ui/form';
import { branchKeys } from '@/ui/pickers';

export interface BranchDraft {
  parent_id: string | null;
  /** Null: a new one, under `parent_id` when that is known. */
  branch: Branch | null;
}

interface BranchValues {
  code: string;
  name: string;
  city?: string;
  parent_id?: string;
}

const CHILD_KIND = { head_office: 'city', city: 'branch', branch: 'branch' } as const;

export function BranchDialog({ draft, onClose }: { draft: BranchDraft; onClose: () => void }) {
  const { t } = useTranslation();
  const { branch, parent_id } = draft;
  const [form] = Form.useForm<BranchValues>();
  const { save, busy, banner } = useSave(form, draft, onClose);
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  return (
    <Modal
      open
      title={branch ? t('organisation.branch.edit_title') : t('organisation.branch.new')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('common.save')}
      confirmLoading={busy}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          code: branch?.code,
          name: branch?.name,
          city: branch?.city ?? undefined,
          parent_id: parent_id ?? undefined,
        }}
        onFinish={save}
      >
        {banner && <div style={{ marginBottom: 16 }}>{banner}</div>}
        {branch?.kind !== 'head_office' && <ParentField branch={branch} />}
        <Form.Item
          name="code"
          label={t('organisation.branch.code')}
          rules={required}
          extra={branch ? undefined : t('organisation.branch.code_hint')}
        >
          <Input disabled={branch !== null} autoComplete="off" maxLength={20} />
        </Form.Item>
        <Form.Item name="name" label={t('organisation.branch.name')} rules={required}>
          <Input autoComplete="off" maxLength={80} />
        </Form.Item>
        <Form.Item name="city" label={t('organisation.branch.city')} style={{ marginBottom: 0 }}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Head office and cities; never the branch itself or one below it. */
function ParentField({ branch }: { branch: Branch | null }) {
  const { t } = useTranslation();
  const branches = useQuery(branchesQuery).data ?? [];
  const own = branch ? subTree(branches, branch.branch_id, branchKeys) : new Set<string>();
  const wanted = branch
    ? { city: ['head_office'], branch: ['city'], head_office: [] }[branch.kind]
    : ['head_office', 'city'];
  const options = treeRows(branches, branchKeys)
    .filter(({ item }) => wanted.includes(item.kind) && !own.has(item.branch_id))
    .map(({ item, depth }) => ({ value: item.branch_id, label: `${'\u2003'.repeat(depth)}${item.name}` }));
  return (
    <Form.Item
      name="parent_id"
      label={t('organisation.branch.parent')}
      rules={[{ required: true, message: t('common.required') }]}
    >
      <Select options={options} showSearch={{ optionFilterProp: 'label' }} />
    </Form.Item>
  );
}

function useSave(
  form: ReturnType<typeof Form.useForm<BranchValues>>[0],
  draft: BranchDraft,
  onClose: () => void,
) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const problem = useFormProblem(form);
  const [busy, setBusy] = useState(false);
  const branches = useQuery(branchesQuery).data ?? [];

  const write = ({ code, name, city, parent_id }: BranchValues): Promise<unknown> => {
    const { branch } = draft;
    const given = { name: name.trim(), city: city?.trim() || null };
    if (branch) {
      const moved = parent_id && parent_id !== branch.parent_id ? { parent_id } : {};
      return call(
        http.PATCH('/api/v1/branches/{branch_id}', {
          params: { path: { branch_id: branch.branch_id }, header: ifMatch(branch.version) },
          body: { ...given, ...moved },
        }),
      );
    }
    if (!parent_id) return Promise.reject(new Error('the form requires a superior branch'));
    const parent = branches.find(({ branch_id }) => branch_id === parent_id);
    const kind = CHILD_KIND[parent?.kind ?? 'city'];
    return call(http.POST('/api/v1/branches', { body: { ...given, code: code.trim(), kind, parent_id } }));
  };
  const save = async (values: BranchValues) => {
    setBusy(true);
    problem.clear();
    try {
      await write(values);
      void message.success(draft.branch ? t('common.saved') : t('organisation.branch.created'));
      onClose();
    } catch (error) {
      problem.show(error);
      setBusy(false);
    } finally {
      void queryClient.invalidateQueries(branchesQuery);
    }
  };
  return { save, busy, banner: problem.banner };
}
