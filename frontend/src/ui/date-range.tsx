import { lazy, Suspense } from 'react';
import { Skeleton } from './skeleton';

export interface DayRange {
  from?: string;
  to?: string;
}

export interface DateRangeProps {
  id?: string;
  label?: string;
  value: DayRange;
  onChange: (range: DayRange) => void;
  width?: number | string;
}

const Picker = lazy(() =>
  import('./date-range-picker').then((module) => ({ default: module.DateRangePicker })),
);

/** Two days, either of them open. The calendar's code comes after the page's own. */
export function DateRange({ width = 240, ...props }: DateRangeProps) {
  return (
    <Suspense fallback={<Skeleton width={width} height={34} />}>
      <Picker width={width} {...props} />
    </Suspense>
  );
}
