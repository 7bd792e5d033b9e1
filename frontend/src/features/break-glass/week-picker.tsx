import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { addDays, dayOf, mondayOf } from '@/lib/dates';

/** A week from Monday to Sunday; none begins in the future. */
export function WeekPicker({
  week,
  onChange,
}: {
  week: string;
  /** Absent: the present week. */
  onChange: (week: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const present = mondayOf(dayOf(new Date()));
  const go = (next: string) => onChange(next >= present ? undefined : next);
  return (
    <fieldset className="week-picker" aria-label={t('desk.break_glass.week')}>
      <button
        type="button"
        className="icon-button"
        aria-label={t('desk.break_glass.week_before')}
        onClick={() => go(addDays(week, -7))}
      >
        <ChevronLeft size={16} />
      </button>
      <b className="num" aria-live="polite">
        {week} – {addDays(week, 6).slice(5)}
      </b>
      <button
        type="button"
        className="icon-button"
        aria-label={t('desk.break_glass.week_after')}
        disabled={week >= present}
        onClick={() => go(addDays(week, 7))}
      >
        <ChevronRight size={16} />
      </button>
      {week < present && (
        <button type="button" className="link" onClick={() => go(present)}>
          {t('desk.break_glass.week_present')}
        </button>
      )}
    </fieldset>
  );
}
