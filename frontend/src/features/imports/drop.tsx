import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Segmented, Spin } from 'antd';
import { FileUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/ui/page';
import { ProblemBanner } from '@/ui/problem-alert';
import { IMPORT_KINDS, type ImportKind, upload } from './queries';
import { useFault } from './use-fault';

/** Where a file is dropped or chosen; what becomes of it is the next page's. */
export function Drop() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const [kind, setKind] = useState<ImportKind>('cardholders');
  const [isOver, setIsOver] = useState(false);
  const problemOf = useFault();
  const sending = useMutation({
    mutationFn: (file: File) => upload(kind, file),
    onSuccess: ({ import_id }) => {
      void cache.invalidateQueries({ queryKey: ['imports', 'list'] });
      void navigate({ to: '/imports/$import_id', params: { import_id } });
    },
  });
  const take = (file: File | undefined) => {
    if (file && !sending.isPending) sending.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <Panel
      title={t('imports.kind_label')}
      extra={
        <Segmented<ImportKind>
          aria-label={t('imports.kind_label')}
          options={IMPORT_KINDS.map((value) => ({ value, label: t(`imports.kind.${value}`) }))}
          value={kind}
          onChange={setKind}
        />
      }
    >
      {sending.isError && <ProblemBanner error={problemOf(sending.error)} />}
      <button
        type="button"
        className={`import-drop${isOver ? ' is-over' : ''}`}
        disabled={sending.isPending}
        onClick={() => chooser.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        {sending.isPending ? <Spin /> : <FileUp size={28} strokeWidth={1.5} aria-hidden />}
        <b>
          {sending.isPending ? t('imports.uploading', { name: sending.variables.name }) : t('imports.drop')}
        </b>
        <small className="muted">{t('imports.drop_hint')}</small>
      </button>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={t('imports.file')}
        accept=".csv,.txt,.gz,.xlsx,.ndjson,.jsonl"
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </Panel>
  );
}
