import { expect, it } from 'vitest';
import { count, percent, signedPercent } from './number';

it('groups whole numbers', () => {
  expect(count(48213)).toBe('48,213');
  expect(count(-1200)).toBe('\u22121,200');
});
it('never writes a small share as nothing', () => {
  expect(percent(0.314)).toBe('31%');
  expect(percent(0.004)).toBe('<1%');
  expect(percent(0.0004, 1)).toBe('<0.1%');
  expect(percent(0)).toBe('0%');
});
it('signs a change', () => {
  expect(signedPercent(0.034)).toBe('+3.4%');
  expect(signedPercent(-0.065)).toBe('\u22126.5%');
  expect(signedPercent(0)).toBe('0.0%');
});
