import { expect, it } from 'vitest';
import { dueIn } from './due';

const now = new Date('2026-11-20T10:00:00Z');

it('counts what is left in days, and the last day in hours', () => {
  expect(dueIn('2026-11-26T09:00:00Z', now)).toEqual({ state: 'later', unit: 'days', n: 6 });
  expect(dueIn('2026-11-21T10:00:00Z', now)).toEqual({ state: 'later', unit: 'days', n: 1 });
  expect(dueIn('2026-11-20T12:30:00Z', now)).toEqual({ state: 'soon', unit: 'hours', n: 3 });
});
it('counts whole units of delay', () => {
  expect(dueIn('2026-11-20T09:59:00Z', now)).toEqual({ state: 'overdue', unit: 'hours', n: 0 });
  expect(dueIn('2026-11-17T09:00:00Z', now)).toEqual({ state: 'overdue', unit: 'days', n: 3 });
});
