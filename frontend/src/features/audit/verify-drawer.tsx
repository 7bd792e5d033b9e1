import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { dateTimeSeconds } from '@/lib/dates';
import { count, percent } from '@/lib/number';
import { useMobile } from '@/lib/use-media';
import { Empty } from '@/ui/empty';
import { Pill } from '@/ui/pill';
import { ProblemState } from '@/ui/problem-alert';
import { QueryState } from '@/ui/query-state';
import { anchorsQuery, startVerification, type VerifyResult, verificationQuery } from './queries';

interface VerifyDrawerProps {
  onClose: () => void;
  /** Shows the entries of a faulty batch's time. */
  onShow: (day: { from: string; to: string }) => void;
}

/** Whether the trail is as it was sealed: asked for by a button, told while it goes on, named where it is not. */
export function VerifyDrawer({ onClose, onShow }: VerifyDrawerProps) {
  const { t } = useTranslation();
  const mobile = useMobile();
  const start = useMutation({ mutationFn: startVerification });
  const label = 'system.audit.verify' as const;
  return (
    <Drawer
      open
      onClose={onClose}
      title={t(`${label}.title`)}
      placement={mobile ? 'bottom' : 'right'}
      size={mobile ? 'large' : 520}
    >
      <div className="stack">
        <p className="muted">{t(`${label}.about`)}</p>
        <Button
          type="primary"
          icon={<ShieldCheck size={15} />}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          {t(`${label}.start`)}
        </Button>
        {start.isError && <ProblemState error={start.error} onRetry={() => start.mutate()} is_small />}
        {start.data && <Verification job_id={start.data.job_id} onShow={onShow} />}
        <section>
          <h2 className="detail-heading">{t(`${label}.anchors`)}</h2>
          <p className="muted">{t(`${label}.anchors_about`)}</p>
          <Anchors />
        </section>
      </div>
    </Drawer>
  );
}

function Verification({ job_id, onShow }: { job_id: string; onShow: VerifyDrawerProps['onShow'] }) {
  const { t } = useTranslation();
  const label = 'system.audit.verify' as const;
  return (
    <QueryState query={useQuery(verificationQuery(job_id))}>
      {(job) => {
        if (job.status === 'queued' || job.status === 'running') {
          const share = job.progress_total ? Math.min(1, job.progress_done / job.progress_total) : 0;
          return (
            <div className="banner" role="status">
              {t(`${label}.running`, { done: count(job.progress_done), share: percent(share) })}
            </div>
          );
        }
        if (job.status !== 'succeeded')
          return (
            <div className="banner is-danger" role="alert">
              {t(`${label}.failed`)}
            </div>
          );
        return <Result result={job.result as unknown as VerifyResult} onShow={onShow} />;
      }}
    </QueryState>
  );
}

function Result({ result, onShow }: { result: VerifyResult; onShow: VerifyDrawerProps['onShow'] }) {
  const { t } = useTranslation();
  const label = 'system.audit.verify' as const;
  const seen = { batches: count(result.batches), rows: count(result.rows) };
  if (result.faulty_count === 0)
    return (
      <div className="banner is-ok" role="status">
        {t(`${label}.whole`, seen)}
      </div>
    );
  return (
    <>
      <div className="banner is-danger" role="alert">
        {t(`${label}.faulty`, { ...seen, n: count(result.faulty_count) })}
      </div>
      <ol className="verify-faults">
        {result.faulty.map((batch) => {
          const { first_at, last_at } = batch;
          return (
            <li key={batch.batch_no}>
              <b className="num">{t(`${label}.batch`, { n: batch.batch_no })}</b>{' '}
              <span className="muted num">{dateTimeSeconds(batch.sealed_at)}</span>
              {batch.faults.map((fault) => (
                <div key={fault.kind}>
                  <Pill tone="danger" has_dot>
                    {t(`${label}.fault.${fault.kind}`)}
                  </Pill>{' '}
                  {fault.row_count > 0 && t(`${label}.rows`, { n: count(fault.row_count) })}
                  {fault.audit_ids.map((id) => (
                    <code key={id}>{id}</code>
                  ))}
                </div>
              ))}
              {first_at && last_at && (
                <button
                  type="button"
                  className="link"
                  onClick={() => onShow({ from: first_at, to: last_at })}
                >
                  {t(`${label}.show`)}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Anchors() {
  const { t } = useTranslation();
  return (
    <QueryState query={useQuery(anchorsQuery)}>
      {(anchors) =>
        anchors.length === 0 ? (
          <Empty icon={ShieldCheck} title={t('system.audit.verify.no_anchors')} is_small />
        ) : (
          <ul className="anchor-list">
            {anchors.map((anchor) => (
              <li key={anchor.name}>
                <b className="num">{anchor.name}</b>
                <span className="muted num">
                  #{anchor.batch_no} · {dateTimeSeconds(anchor.sealed_at)}
                </span>
                <Pill tone={anchor.is_signed ? 'ok' : 'danger'} has_dot>
                  {anchor.is_signed ? t('system.audit.verify.signed') : t('system.audit.verify.not_signed')}
                </Pill>
                <code className="muted">{anchor.seal.slice(0, 24)}…</code>
              </li>
            ))}
          </ul>
        )
      }
    </QueryState>
  );
}
