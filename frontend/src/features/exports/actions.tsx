import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '@/ui/problem-text';
import { cancelExport, download, type Export, isOpen } from './queries';

/** What may be done with an export as far as it is: fetch its file, or give it up. */
export function ExportActions({ row }: { row: Export }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const settle = {
    onError: (error: unknown) => void message.error(say(error).title),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['exports'] }),
  };
  const fetching = useMutation({ mutationFn: () => download(row), ...settle });
  const cancel = useMutation({
    mutationFn: () => cancelExport(row.export_id),
    onSuccess: () => void message.success(t('exports.cancelled')),
    ...settle,
  });
  if (row.stage === 'ready')
    return (
      <Button
        size="small"
        type="primary"
        icon={<Download size={14} />}
        loading={fetching.isPending}
        onClick={() => fetching.mutate()}
      >
        {fetching.isPending ? t('exports.downloading') : t('exports.download')}
      </Button>
    );
  if (!isOpen(row)) return null;
  return (
    <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate()}>
      {t('exports.cancel')}
    </Button>
  );
}
