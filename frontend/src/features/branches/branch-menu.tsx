import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Dropdown, type MenuProps } from 'antd';
import { Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { type Branch, branchesQuery } from '@/api/reference';
import { useProblemText } from '@/ui/problem-text';
import type { BranchDraft } from './branch-dialog';

export function BranchMenu({ branch, onDraft }: { branch: Branch; onDraft: (draft: BranchDraft) => void }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const { name, branch_id, version } = branch;
  const setOpen = useMutation({
    mutationFn: (is_open: boolean) =>
      call(
        http.PATCH('/api/v1/branches/{branch_id}', {
          params: { path: { branch_id }, header: ifMatch(version) },
          body: { is_open },
        }),
      ),
    onSuccess: () => void message.success(t('common.saved')),
    onError: (error) => void message.error(say(error).title),
    onSettled: () => queryClient.invalidateQueries(branchesQuery),
  });
  const items: MenuProps['items'] = [
    { key: 'edit', label: t('common.edit') },
    ...(branch.kind === 'branch' ? [] : [{ key: 'add', label: t('organisation.branch.add_child') }]),
    branch.is_open
      ? {
          key: 'close',
          label: t('organisation.branch.close'),
          danger: true,
          disabled: branch.kind === 'head_office',
        }
      : { key: 'reopen', label: t('organisation.branch.reopen') },
  ];
  const choose: MenuProps['onClick'] = ({ key }) => {
    if (key === 'edit') onDraft({ parent_id: branch.parent_id, branch });
    if (key === 'add') onDraft({ parent_id: branch_id, branch: null });
    if (key === 'reopen') setOpen.mutate(true);
    if (key === 'close')
      modal.confirm({
        title: t('organisation.branch.close_confirm', { name }),
        content: t('organisation.branch.close_hint'),
        okButtonProps: { danger: true },
        onOk: () => setOpen.mutateAsync(false).catch(() => undefined),
      });
  };
  return (
    <Dropdown trigger={['click']} placement="bottomRight" menu={{ items, onClick: choose }}>
      <button type="button" className="icon-button" aria-label={t('organisation.branch.menu', { name })}>
        <Ellipsis size={16} />
      </button>
    </Dropdown>
  );
}
