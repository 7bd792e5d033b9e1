import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import type { DateRangeProps } from './date-range';

const day = (text: string | undefined) => (text ? dayjs(text) : null);

export function DateRangePicker({ id, label, value, onChange, width }: DateRangeProps) {
  return (
    <DatePicker.RangePicker
      id={id ? { start: id } : undefined}
      aria-label={label}
      allowEmpty={[true, true]}
      value={[day(value.from), day(value.to)]}
      onChange={(range) =>
        onChange({ from: range?.[0]?.format('YYYY-MM-DD'), to: range?.[1]?.format('YYYY-MM-DD') })
      }
      style={{ width }}
    />
  );
}
