/** Minutes after midnight as a clock shows them. */
export const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** The other way round; nothing for what no clock shows. */
export function minuteOf(text: string): number | null {
  const [hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim())?.slice(1).map(Number) ?? [];
  if (hours === undefined || minutes === undefined || hours > 23 || minutes > 59) return null;
  return hours * 60 + minutes;
}
