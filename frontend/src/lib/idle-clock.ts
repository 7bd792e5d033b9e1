/** The warning stands this long before the end. */
export const IDLE_WARNING_MS = 60_000;
/** Activity is noted this often at most. */
const GRAIN_MS = 5000;
/** Shared by the tabs of one browser: who works in one works in all. */
const KEY = 'cardea.active_at';

/** This tab's own, for when somebody empties the browser's store. */
let own = 0;

export const lastActivity = (): number => Math.max(own, Number(localStorage.getItem(KEY) ?? 0));

export function noteActivity(now: number, at_once = false): void {
  if (!at_once && now - lastActivity() < GRAIN_MS) return;
  own = now;
  localStorage.setItem(KEY, String(now));
}

/**
 * What each request says of whoever works here: a page asks by itself too, while nobody is there, and such a
 * request keeps no session. Nothing where nobody has touched a page of this browser yet.
 */
export function idleHeader(): Record<string, string> {
  const last = lastActivity();
  const seconds = Math.floor((Date.now() - last) / 1000);
  return last > 0 && seconds > 0 ? { 'X-Idle-Seconds': String(seconds) } : {};
}

/** Whole seconds until the screen is signed out; none are left at or below zero. */
export const secondsLeft = (now: number, last: number, limit_ms: number): number =>
  Math.ceil((last + limit_ms - now) / 1000);
