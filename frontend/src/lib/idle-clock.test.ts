import { beforeEach, expect, it, vi } from 'vitest';

// The clock keeps this tab's own activity: each test gets a tab.
beforeEach(() => vi.resetModules());
const store = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => store.get(key) ?? null,
  setItem: (key: string, value: string) => void store.set(key, value),
});

it('counts down from the last activity of any tab', async () => {
  const { lastActivity, noteActivity, secondsLeft } = await import('./idle-clock');
  noteActivity(1_000_000, true);
  expect(secondsLeft(1_000_000, lastActivity(), 900_000)).toBe(900);
  expect(secondsLeft(1_840_001, lastActivity(), 900_000)).toBe(60);
  expect(secondsLeft(1_900_000, lastActivity(), 900_000)).toBe(0);
  // Another tab.
  store.set('cardea.active_at', '1800000');
  expect(secondsLeft(1_900_000, lastActivity(), 900_000)).toBe(800);
});

it('is noted every few seconds at most, and outlives an emptied store', async () => {
  store.clear();
  const { lastActivity, noteActivity } = await import('./idle-clock');
  noteActivity(1_000_000);
  noteActivity(1_004_999);
  expect(store.get('cardea.active_at')).toBe('1000000');
  noteActivity(1_005_000);
  expect(lastActivity()).toBe(1_005_000);
  store.clear();
  expect(lastActivity()).toBe(1_005_000);
});

it('says with each request since when nobody has touched the page', async () => {
  store.clear();
  const { idleHeader, noteActivity } = await import('./idle-clock');
  expect(idleHeader()).toEqual({});
  vi.useFakeTimers({ now: 2_000_000 });
  noteActivity(2_000_000, true);
  expect(idleHeader()).toEqual({});
  vi.advanceTimersByTime(90_500);
  expect(idleHeader()).toEqual({ 'X-Idle-Seconds': '90' });
  vi.useRealTimers();
});
