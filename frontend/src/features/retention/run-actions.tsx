import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { useProblemText } from '@/ui/problem-text';
import { startRun } from './queries';

/** Counting is free; deleting asks first, for what is gone is gone. */
export function RunActions({ onBegun }: { onBegun: (run_id: string) => void }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const start = useMutation({
    mutationFn: startRun,
    onSuccess: ({ run_id }) => onBegun(run_id),
    onError: (error) => {
      if (!isProblem(error, 'staff.step_up_required')) void message.error(say(error).line);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['retention', 'runs'] }),
  });
  const ask = () =>
    modal.confirm({
      title: t('retention.run_confirm'),
      content: t('retention.run_explained'),
      okText: t('retention.run_now'),
      okButtonProps: { danger: true },
      // The dialog goes before the question for the password comes.
      onOk: () => start.mutate(false),
    });
  return (
    <>
      <Button loading={start.isPending} onClick={() => start.mutate(true)}>
        {t('retention.dry_run')}
      </Button>
      <Button danger disabled={start.isPending} onClick={ask}>
        {t('retention.run_now')}
      </Button>
    </>
  );
}
