import { useTranslation } from 'react-i18next';
import { count, percent } from '@/lib/number';
import { Pill, type Tone } from '@/ui/pill';
import type { Job, JobStatus } from './queries';

const TONES: Record<JobStatus, Tone> = {
  queued: 'plain',
  running: 'primary',
  succeeded: 'ok',
  failed: 'danger',
  cancelled: 'warn',
};

export function JobPill({ job }: { job: Job }) {
  const { t } = useTranslation();
  const stopping = job.is_cancel_requested && job.status === 'running';
  return (
    <Pill tone={stopping ? 'warn' : TONES[job.status]} has_dot>
      {stopping ? t('system.jobs.cancelling') : t(`code.job_status.${job.status}`)}
    </Pill>
  );
}

/** A bar while the end is known, the bare count while it is not. */
export function Progress({ job }: { job: Job }) {
  const { t } = useTranslation();
  const { progress_done: done, progress_total: total } = job;
  if (!total) return <span className="num">{done > 0 ? count(done) : '—'}</span>;
  const share = Math.min(1, done / total);
  const text = t('system.jobs.done_of', { done: count(done), total: count(total) });
  return (
    <span className="job-progress" title={text}>
      <span
        className={`bar${job.status === 'failed' ? ' is-danger' : ''}`}
        role="progressbar"
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <small className="num">{percent(share)}</small>
    </span>
  );
}
