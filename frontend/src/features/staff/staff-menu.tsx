import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Dropdown, type MenuProps } from 'antd';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http, ifMatch } from '@/api/client';
import { useMe } from '@/api/session';
import { useProblemText } from '@/ui/problem-text';
import { useSubmittedNotice } from '@/ui/submitted';
import { InitialPassword } from './initial-password';
import type { Staff } from './queries';
import { StaffSessions } from './staff-sessions';
import { isLocked } from './staff-state';

/** What an administrator may do to a person's account besides editing it. */
export function StaffMenu({ staff, onEdit }: { staff: Staff; onEdit: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { modal } = App.useApp();
  const { setActive, unlock, reset, resetSecondFactor, password, forgetPassword } = useStaffActions(staff);
  const [showsSessions, setShowsSessions] = useState(false);
  const isSelf = staff.staff_id === me.staff_id;
  const { name } = staff;
  const items: MenuProps['items'] = [
    { key: 'edit', label: t('common.edit') },
    ...(isLocked(staff) ? [{ key: 'unlock', label: t('organisation.staff.unlock') }] : []),
    { key: 'reset', label: t('organisation.staff.reset') },
    ...(staff.second_factor_enrolled_at ? [{ key: 'second_factor', label: t('security.reset') }] : []),
    { key: 'sessions', label: t('security.show') },
    staff.is_active
      ? { key: 'disable', label: t('organisation.staff.disable'), danger: true, disabled: isSelf }
      : { key: 'enable', label: t('organisation.staff.enable') },
  ];
  const confirm = (
    title: string,
    content: string | undefined,
    danger: boolean,
    onOk: () => Promise<unknown>,
  ) =>
    modal.confirm({ title, content, okButtonProps: { danger }, onOk: () => onOk().catch(() => undefined) });
  const choose: MenuProps['onClick'] = ({ key, domEvent }) => {
    domEvent.stopPropagation();
    if (key === 'edit') onEdit();
    if (key === 'unlock') unlock.mutate();
    if (key === 'reset')
      confirm(t('organisation.staff.reset_confirm', { name }), t('organisation.staff.reset_hint'), true, () =>
        reset.mutateAsync(),
      );
    if (key === 'sessions') setShowsSessions(true);
    if (key === 'second_factor')
      // Closed at once: the question for the administrator's own proof comes next.
      modal.confirm({
        title: t('security.reset_confirm', { name }),
        content: t('security.reset_hint'),
        okButtonProps: { danger: true },
        onOk: () => resetSecondFactor.mutate(),
      });
    if (key === 'disable')
      confirm(
        t('organisation.staff.disable_confirm', { name }),
        t('organisation.staff.disable_hint'),
        true,
        () => setActive.mutateAsync(false),
      );
    if (key === 'enable')
      confirm(
        t('organisation.staff.enable_confirm', { name }),
        t('organisation.staff.enable_hint'),
        false,
        () => setActive.mutateAsync(true),
      );
  };
  return (
    <>
      <Dropdown trigger={['click']} placement="bottomRight" menu={{ items, onClick: choose }}>
        <button type="button" className="icon-button" aria-label={t('organisation.staff.menu', { name })}>
          <Ellipsis size={16} />
        </button>
      </Dropdown>
      {showsSessions && <StaffSessions staff={staff} onClose={() => setShowsSessions(false)} />}
      {password && <InitialPassword name={name} password={password} onClose={forgetPassword} />}
    </>
  );
}

function useStaffActions(staff: Staff) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useProblemText();
  const notify = useSubmittedNotice();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState<string | null>(null);
  const path = { staff_id: staff.staff_id };
  const shared = {
    onError: (error: unknown) => void message.error(say(error).title),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['staff'] }),
  };
  const setActive = useMutation({
    ...shared,
    mutationFn: (is_active: boolean) =>
      call(
        http.PATCH('/api/v1/staff/{staff_id}', {
          params: { path, header: ifMatch(staff.version) },
          body: { is_active },
        }),
      ),
    onSuccess: (answer: unknown) => {
      if (!notify(answer)) void message.success(t('common.saved'));
      void queryClient.invalidateQueries({ queryKey: ['approvals'] });
    },
  });
  const unlock = useMutation({
    ...shared,
    mutationFn: () => call(http.POST('/api/v1/staff/{staff_id}/unlock', { params: { path } })),
    onSuccess: () => void message.success(t('organisation.staff.unlocked')),
  });
  const reset = useMutation({
    ...shared,
    mutationFn: () => call(http.POST('/api/v1/staff/{staff_id}/reset_password', { params: { path } })),
    onSuccess: ({ initial_password }) => setPassword(initial_password),
  });
  const resetSecondFactor = useMutation({
    ...shared,
    mutationFn: () => call(http.POST('/api/v1/staff/{staff_id}/reset_second_factor', { params: { path } })),
    onSuccess: () => void message.success(t('security.reset_done')),
  });
  return { setActive, unlock, reset, resetSecondFactor, password, forgetPassword: () => setPassword(null) };
}
