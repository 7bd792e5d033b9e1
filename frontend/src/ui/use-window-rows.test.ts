import { expect, it } from 'vitest';
import { rowWindow } from './use-window-rows';

it('draws a short list whole', () => {
  expect(rowWindow(80, 44, 0, 600)).toEqual({ first: 0, last: 80, before_px: 0, after_px: 0 });
});
it('draws what is in view and a few rows around it', () => {
  const view = rowWindow(10_000, 44, 44_000, 880);
  expect(view).toEqual({ first: 988, last: 1032, before_px: 988 * 44, after_px: (10_000 - 1032) * 44 });
});
it('keeps the whole height wherever it is scrolled', () => {
  for (const scrolled of [0, 1, 4_399_999, 1e9]) {
    const { first, last, before_px, after_px } = rowWindow(100_000, 44, scrolled, 700);
    expect(before_px + (last - first) * 44 + after_px).toBe(100_000 * 44);
    expect(last).toBeLessThanOrEqual(100_000);
    expect(first).toBeLessThanOrEqual(last);
  }
});
