import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import { MonitorOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { Empty } from '@/ui/empty';
import { useProblemText } from '@/ui/problem-text';
import { QueryState } from '@/ui/query-state';
import { type OpenSession, SessionLines } from '@/ui/session-lines';
import { type Staff, staffSessionsQuery } from './queries';

/** Where somebody is signed in, for an administrator who wants them out. */
export function StaffSessions({ staff, onClose }: { staff: Staff; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const { staff_id } = staff;
  const options = staffSessionsQuery(staff_id);
  const query = useQuery({ ...options, staleTime: 0 });
  const shared = {
    onSuccess: () => void message.success(t('security.ended')),
    onError: (error: unknown) => void message.error(say(error).title),
    onSettled: () => queryClient.invalidateQueries({ queryKey: options.queryKey }),
  };
  const end = useMutation({
    ...shared,
    mutationFn: ({ session_id }: OpenSession) =>
      call(
        http.POST('/api/v1/staff/{staff_id}/sessions/{session_id}/end', {
          params: { path: { staff_id, session_id } },
        }),
      ),
  });
  const endAll = useMutation({
    ...shared,
    mutationFn: () =>
      call(http.POST('/api/v1/staff/{staff_id}/sessions/end', { params: { path: { staff_id } } })),
  });
  const any = (query.data?.items.length ?? 0) > 0;
  return (
    <Modal
      open
      title={t('security.of', { name: staff.name })}
      onCancel={onClose}
      footer={[
        any && (
          <Button key="all" danger loading={endAll.isPending} onClick={() => endAll.mutate()}>
            {t('security.end_all')}
          </Button>
        ),
        <Button key="close" onClick={onClose}>
          {t('common.close')}
        </Button>,
      ]}
    >
      <QueryState query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={MonitorOff} title={t('security.no_sessions')} />
          ) : (
            <SessionLines sessions={items} onEnd={(session) => end.mutate(session)} />
          )
        }
      </QueryState>
    </Modal>
  );
}
