const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Due {
  state: 'overdue' | 'soon' | 'later';
  unit: 'days' | 'hours';
  /** Whole units, rounded up while there is time left: "one day" is never less than what remains. */
  n: number;
}

/** How long until something is due, or how long it has been; the last day counts as soon. */
export function dueIn(due_at: string, now: Date): Due {
  const left = Date.parse(due_at) - now.getTime();
  const state = left < 0 ? 'overdue' : left < DAY_MS ? 'soon' : 'later';
  const round = left < 0 ? Math.floor : Math.ceil;
  const unit = Math.abs(left) < DAY_MS ? 'hours' : 'days';
  return { state, unit, n: round(Math.abs(left) / (unit === 'days' ? DAY_MS : HOUR_MS)) };
}
