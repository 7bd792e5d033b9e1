import { lazy, Suspense } from 'react';
import { Skeleton } from './skeleton';

export interface DayInputProps {
  /** `id`, `value` and `onChange` come from the form's item. */
  id?: string;
  value?: string | null;
  onChange?: (day: string | null) => void;
  /** The last day that may be chosen. */
  max?: string;
}

const Picker = lazy(() =>
  import('./day-input-picker').then((module) => ({ default: module.DayInputPicker })),
);

/** One day as `YYYY-MM-DD`, typed or picked. */
export function DayInput(props: DayInputProps) {
  return (
    <Suspense fallback={<Skeleton height={34} />}>
      <Picker {...props} />
    </Suspense>
  );
}
