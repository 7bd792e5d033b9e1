import { useTranslation } from 'react-i18next';
import { count, percent } from '@/lib/number';
import { Pill } from '@/ui/pill';
import { STAGE_TONES } from './codes';
import { type Export, isLive } from './queries';

export function StagePill({ row }: { row: Export }) {
  const { t } = useTranslation();
  return (
    <Pill tone={STAGE_TONES[row.stage]} has_dot>
      {t(`exports.stages.${row.stage}`)}
    </Pill>
  );
}

/** The rows there are, or while the file is written, how many of them are in it. */
export function Rows({ row }: { row: Export }) {
  const { t } = useTranslation();
  if (!isLive(row)) return <span className="num">{count(row.row_count ?? row.rows_expected)}</span>;
  const share = Math.min(1, row.rows_written / Math.max(1, row.rows_expected));
  const text = t('exports.rows_of', { done: count(row.rows_written), total: count(row.rows_expected) });
  return (
    <span className="export-progress" title={text}>
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
  );
}
