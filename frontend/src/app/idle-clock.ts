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

/** Whole seconds until the screen is signed out; none are left at or below zero. */
export const secondsLeft = (now: number, last: number, limit_ms: number): number =>
  Math.ceil((last + limit_ms - now) / 1000);
