import { expect, it } from 'vitest';
import { strength } from './password-strength';

it('calls short, repetitive and self-naming passwords weak', () => {
  expect(strength('Ab1!Ab1!', 'T0001')).toBe('weak');
  expect(strength('aaaaaaaaaaaaaaaa', 'T0001')).toBe('weak');
  expect(strength('my-t0001-password', 'T0001')).toBe('weak');
});
it('grows with length and variety', () => {
  expect(strength('sunnymorning', 'T0001')).toBe('fair');
  expect(strength('Sunny-Morning7', 'T0001')).toBe('good');
  expect(strength('four plain words here', 'T0001')).toBe('good');
});
