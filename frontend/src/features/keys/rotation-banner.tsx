import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { count, percent } from '@/lib/number';
import type { Rotation } from './queries';

/** How far the latest rotation is, or how it ended. */
export function RotationBanner({ rotation }: { rotation: Rotation | null }) {
  const { t } = useTranslation();
  const seesJobs = useCan('jobs:read');
  if (!rotation) return null;
  const { status, progress_done: done, progress_total: total } = rotation;
  const live = status === 'queued' || status === 'running';
  const share = total ? Math.min(1, done / total) : 0;
  const text = live
    ? t('system.keys.running', { done: count(done), total: total === null ? '…' : count(total) })
    : status === 'succeeded'
      ? t('system.keys.finished', {
          n: count(done),
          at: dateTime(rotation.finished_at ?? rotation.created_at),
        })
      : t('system.keys.failed', { code: rotation.error_code ?? status });
  return (
    <div className={`banner ${live ? 'is-info' : status === 'succeeded' ? 'is-ok' : 'is-danger'}`}>
      <div className="grow">
        <div role="status">{text}</div>
        {live && total !== null && (
          <span className="key-progress">
            <span
              className="bar"
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
        )}
      </div>
      {seesJobs && (
        <Link className="link" to="/jobs" search={{ job: rotation.job_id }}>
          {t('system.keys.open_job')}
        </Link>
      )}
    </div>
  );
}
