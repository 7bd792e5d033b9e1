import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { Pill, type Tone } from '@/ui/pill';
import { type Due, dueIn } from './due';

const TONES: Record<Due['state'], Tone> = { overdue: 'danger', soon: 'warn', later: 'plain' };

export function DueMark({ due_at }: { due_at: string }) {
  const { t } = useTranslation();
  const { state, unit, n } = dueIn(due_at, new Date());
  const text =
    state === 'overdue' ? t(`desk.inbox.overdue_${unit}`, { n }) : t(`desk.inbox.due_${unit}`, { n });
  return (
    <span title={dateTime(due_at)}>
      <Pill tone={TONES[state]} has_dot={state !== 'later'}>
        <span className="num">{text}</span>
      </Pill>
    </span>
  );
}
