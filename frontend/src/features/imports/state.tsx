import { useTranslation } from 'react-i18next';
import { count, percent } from '@/lib/number';
import { Pill, type Tone } from '@/ui/pill';
import type { Import } from './queries';

export type State =
  | 'uploaded'
  | 'queued'
  | 'running'
  | 'checked'
  | 'imported'
  | 'refused'
  | 'failed'
  | 'cancelled';

const TONES: Record<State, Tone> = {
  uploaded: 'plain',
  queued: 'plain',
  running: 'primary',
  checked: 'violet',
  imported: 'ok',
  refused: 'warn',
  failed: 'danger',
  cancelled: 'warn',
};

export function stateOf({ run }: Import): State {
  if (!run) return 'uploaded';
  if (run.status === 'succeeded') return run.outcome ?? 'imported';
  return run.status;
}

export function StatePill({ one }: { one: Import }) {
  const { t } = useTranslation();
  const state = stateOf(one);
  return (
    <Pill tone={TONES[state]} has_dot>
      {t(`imports.status.${state}`)}
    </Pill>
  );
}

/** How far the run is; reading the file is its first half. */
export function RunBar({ one }: { one: Import }) {
  const { t } = useTranslation();
  const total = one.run?.progress_total ?? 0;
  const share = total > 0 ? Math.min(1, (one.run?.progress_done ?? 0) / total) : 0;
  return (
    <span className="import-progress">
      <span
        className="bar"
        role="progressbar"
        aria-label={t('imports.progress')}
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

/** What a run did, in figures. */
export function useCounts(): (one: Import) => string {
  const { t } = useTranslation();
  return ({ run }) =>
    run?.report
      ? t('imports.counts', {
          inserted: count(run.report.inserted),
          unchanged: count(run.report.unchanged),
          refused: count(run.report.refused),
        })
      : '—';
}
