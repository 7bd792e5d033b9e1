import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { useProblemText } from '@/ui/problem-text';
import { claim, release, takeNext, type WorkItem, type WorkKind } from './queries';

/** Taking items, putting them back, and taking whatever comes next. */
export function useDesk(onTaken: (item: WorkItem) => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const shared = {
    onError: (error: unknown) =>
      void (isProblem(error, 'work_items.nothing_waits')
        ? message.info(say(error).line)
        : message.error(say(error).line)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['work_items'] }),
  };
  const claiming = useMutation({
    ...shared,
    mutationFn: claim,
    onSuccess: () => void message.success(t('desk.inbox.claimed')),
  });
  const releasing = useMutation({
    ...shared,
    mutationFn: release,
    onSuccess: () => void message.success(t('desk.inbox.released')),
  });
  const next = useMutation({
    ...shared,
    mutationFn: (kind: WorkKind | undefined) => takeNext(kind),
    onSuccess: onTaken,
  });
  return {
    claim: claiming.mutate,
    release: releasing.mutate,
    takeNext: next.mutate,
    isTaking: next.isPending,
    busy: (claiming.isPending && claiming.variables) || (releasing.isPending && releasing.variables) || null,
  };
}

export type Desk = ReturnType<typeof useDesk>;
