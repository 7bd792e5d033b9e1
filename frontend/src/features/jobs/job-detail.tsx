import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { useCan } from '@/api/session';
import { dateTimeSeconds, duration } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { useLang } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { useProblemText } from '@/ui/problem-text';
import { QueryState } from '@/ui/query-state';
import { JobPill, Progress } from './progress';
import { isLive, type Job, jobQuery } from './queries';
import { jobTook } from './took';

export function JobDetail({ job_id, onClose }: { job_id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const query = useQuery(jobQuery(job_id));
  return (
    <Drawer
      open
      onClose={onClose}
      title={t('system.jobs.detail')}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 460}
      extra={query.data && <CancelButton job={query.data} />}
    >
      <QueryState query={query}>{(job) => <Facts job={job} />}</QueryState>
    </Drawer>
  );
}

function Facts({ job }: { job: Job }) {
  const { t } = useTranslation();
  const lang = useLang();
  const name = useCode();
  const ms = jobTook(job);
  const time = (instant: string | null) => instant && <span className="num">{dateTimeSeconds(instant)}</span>;
  const label = 'system.jobs' as const;
  const rows: [string, ReactNode][] = [
    [t(`${label}.kind`), name('system.jobs.kinds', job.kind)],
    [t(`${label}.status`), <JobPill key="status" job={job} />],
    [t(`${label}.progress`), <Progress key="progress" job={job} />],
    [t(`${label}.error`), job.error_code],
    [t(`${label}.started_at`), time(job.started_at)],
    [t(`${label}.finished_at`), time(job.finished_at)],
    [t(`${label}.took`), ms !== null && duration(ms, lang)],
    [t(`${label}.attempts`), t(`${label}.attempts_of`, { n: job.attempts, max: job.attempts_max })],
    [t(`${label}.id`), <code key="id">{job.job_id}</code>],
  ];
  return (
    <div className="stack">
      <dl className="facts">
        {rows
          .filter(([, value]) => value)
          .map(([key, value]) => (
            <div key={key} className="fact">
              <dt>{key}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {job.result !== null && job.result !== undefined && (
        <section>
          <h2 className="detail-heading">{t('system.jobs.result')}</h2>
          <pre className="code-block">{JSON.stringify(job.result, null, 2)}</pre>
        </section>
      )}
    </div>
  );
}

function CancelButton({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const mayWrite = useCan('jobs:write');
  const cancel = useMutation({
    mutationFn: () =>
      call(http.POST('/api/v1/jobs/{job_id}/cancel', { params: { path: { job_id: job.job_id } } })),
    onSuccess: () => void message.success(t('system.jobs.cancelled')),
    onError: (error) => void message.error(say(error).title),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['jobs'] }),
  });
  if (!mayWrite || !isLive(job) || job.is_cancel_requested) return null;
  const ask = () =>
    modal.confirm({
      title: t('system.jobs.cancel_confirm'),
      content: t('system.jobs.cancel_hint'),
      okText: t('system.jobs.cancel'),
      okButtonProps: { danger: true },
      onOk: () => cancel.mutateAsync().catch(() => undefined),
    });
  return (
    <Button danger onClick={ask}>
      {t('system.jobs.cancel')}
    </Button>
  );
}
