import { expect, it } from 'vitest';
import { clock, minuteOf } from './clock';

it('reads what it shows, and nothing that no clock shows', () => {
  for (const minute of [0, 59, 60, 21 * 60, 24 * 60 - 1]) expect(minuteOf(clock(minute))).toBe(minute);
  for (const text of ['', '24:00', '7', '07:60', 'noon']) expect(minuteOf(text)).toBeNull();
});
