import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { DayInputProps } from './day-input';

export function DayInputPicker({ id, value, onChange, max }: DayInputProps) {
  return (
    <DatePicker
      id={id}
      value={value ? dayjs(value) : null}
      onChange={(day: Dayjs | null) => onChange?.(day?.format('YYYY-MM-DD') ?? null)}
      disabledDate={max ? (day: Dayjs) => day.format('YYYY-MM-DD') > max : undefined}
      placeholder="YYYY-MM-DD"
      style={{ width: '100%' }}
    />
  );
}
