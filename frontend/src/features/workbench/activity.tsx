import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ListChecks, ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { useCode } from '@/lib/i18n';
import { Empty } from '@/ui/empty';
import { Panel } from '@/ui/page';
import { Pill, type Tone } from '@/ui/pill';
import { QueryState } from '@/ui/query-state';
import { PanelSkeleton } from '@/ui/skeleton';
import { type AuditEntry, type Job, latestEntriesQuery, latestJobsQuery } from './queries';

const OUTCOME_TONES: Record<AuditEntry['outcome'], Tone> = { done: 'ok', refused: 'warn', failed: 'danger' };

const JOB_TONES: Record<Job['status'], Tone> = {
  queued: 'plain',
  running: 'primary',
  succeeded: 'ok',
  failed: 'danger',
  cancelled: 'warn',
};

/** What people did last, for those who watch over it. */
export function LatestEntries() {
  const { t } = useTranslation();
  const name = useCode();
  const query = useQuery(latestEntriesQuery);
  return (
    <Panel title={t('workbench.latest_entries')} is_flush extra={<ViewAll to="/audit" />}>
      <QueryState query={query} skeleton={<PanelSkeleton lines={6} />}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty icon={ScrollText} title={t('workbench.list_empty.other')} is_small />
          ) : (
            <ul className="lines">
              {entries.map((entry) => (
                <Line
                  key={entry.audit_id}
                  title={
                    <Link to="/audit" search={{ action: entry.action }}>
                      {name('system.audit.actions', entry.action)}
                    </Link>
                  }
                  note={`${dateTime(entry.occurred_at)} · ${entry.staff_no ?? t(`code.actor_kind.${entry.actor_kind}`)}`}
                >
                  <Pill tone={OUTCOME_TONES[entry.outcome]} has_dot>
                    {t(`code.outcome.${entry.outcome}`)}
                  </Pill>
                </Line>
              ))}
            </ul>
          )
        }
      </QueryState>
    </Panel>
  );
}

/** Imports and upkeep that ran last. */
export function LatestJobs() {
  const { t } = useTranslation();
  const name = useCode();
  const query = useQuery(latestJobsQuery);
  return (
    <Panel title={t('workbench.latest_jobs')} is_flush extra={<ViewAll to="/jobs" />}>
      <QueryState query={query} skeleton={<PanelSkeleton lines={6} />}>
        {(jobs) =>
          jobs.length === 0 ? (
            <Empty
              icon={ListChecks}
              title={t('system.jobs.empty')}
              hint={t('system.jobs.empty_hint')}
              is_small
            />
          ) : (
            <ul className="lines">
              {jobs.map((job) => (
                <Line
                  key={job.job_id}
                  title={
                    <Link to="/jobs" search={{ job: job.job_id }}>
                      {name('system.jobs.kinds', job.kind)}
                    </Link>
                  }
                  note={dateTime(job.created_at)}
                >
                  <Pill tone={JOB_TONES[job.status]} has_dot>
                    {t(`code.job_status.${job.status}`)}
                  </Pill>
                </Line>
              ))}
            </ul>
          )
        }
      </QueryState>
    </Panel>
  );
}

function ViewAll({ to }: { to: '/audit' | '/jobs' }) {
  const { t } = useTranslation();
  return (
    <Link className="link" to={to}>
      {t('common.view_all')}
    </Link>
  );
}

function Line({ title, note, children }: { title: ReactNode; note: string; children: ReactNode }) {
  return (
    <li>
      <span className="who grow">
        <span>
          <b>{title}</b>
          <small className="num">{note}</small>
        </span>
      </span>
      {children}
    </li>
  );
}
