import { describe, expect, it } from 'vitest';
import {
  addDays,
  ago,
  dateTime,
  dateTimeSeconds,
  dayOf,
  dayStart,
  duration,
  longDay,
  mondayOf,
  monthLabel,
  nextDay,
  timeOf,
} from './dates';

describe('the bank’s clock', () => {
  it('shows instants in Shanghai, whatever the computer’s zone', () => {
    expect(dateTime('2026-11-20T02:24:31Z')).toBe('2026-11-20 10:24');
    expect(dateTimeSeconds('2026-11-20T02:24:31Z')).toBe('2026-11-20 10:24:31');
    expect(dayOf('2026-11-19T16:00:00Z')).toBe('2026-11-20');
  });
  it('turns a day into its first and following instants', () => {
    expect(new Date(dayStart('2026-11-20')).toISOString()).toBe('2026-11-19T16:00:00.000Z');
    expect(nextDay('2026-12-31')).toBe('2027-01-01');
    expect(nextDay('2028-02-28')).toBe('2028-02-29');
  });
  it('begins a week on its Monday', () => {
    expect(mondayOf('2026-11-22')).toBe('2026-11-16');
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(mondayOf('2027-01-01')).toBe('2026-12-28');
    expect(addDays('2026-12-28', 6)).toBe('2027-01-03');
    expect(timeOf('2026-11-20T02:24:31Z')).toBe('10:24');
  });
});

it('names days and months in both languages', () => {
  expect(longDay('2026-11-20', 'zh-CN')).toBe('11 月 20 日 星期五');
  expect(longDay('2026-11-20', 'en')).toBe('Friday, 20 Nov');
  expect(monthLabel('2026-10', 'zh-CN')).toBe('10月');
  expect(monthLabel('2026-01', 'en')).toBe('2026');
});

it('says how long ago in one unit', () => {
  const now = new Date('2026-11-20T10:00:00Z');
  expect(ago('2026-11-20T09:59:40Z', now, 'zh-CN')).toBe('刚刚');
  expect(ago('2026-11-20T08:00:00Z', now, 'zh-CN')).toBe('2 小时前');
  expect(ago('2026-10-01T08:00:00Z', now, 'en')).toBe('1mo ago');
});

it('counts a duration as a person does', () => {
  expect(duration(42_000, 'zh-CN')).toBe('42 秒');
  expect(duration(245_000, 'en')).toBe('4 min 05 s');
  expect(duration(3_720_000, 'zh-CN')).toBe('1 小时 02 分');
});
