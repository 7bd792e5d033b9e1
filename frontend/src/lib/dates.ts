import type { Lang } from './prefs';

/** The bank's clock; a browser elsewhere still shows the bank's time. */
export const BANK_ZONE = 'Asia/Shanghai';

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: BANK_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function split(instant: string | Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
}

/** `2026-11-20 10:24` */
export function dateTime(instant: string | Date): string {
  const p = split(instant);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** `2026-11-20 10:24:31`, where two events in a minute must be told apart. */
export const dateTimeSeconds = (instant: string | Date): string =>
  `${dateTime(instant)}:${split(instant).second}`;

/** The bank's calendar day of an instant, `2026-11-20`. */
export function dayOf(instant: string | Date): string {
  return dateTime(instant).slice(0, 10);
}

/** First instant of a bank day and of the day after, for filters on a time column. */
export function dayStart(day: string): string {
  return `${day}T00:00:00+08:00`;
}
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
export const nextDay = (day: string): string => addDays(day, 1);

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

/** `10:24` of an instant on the bank's clock. */
export const timeOf = (instant: string | Date): string => dateTime(instant).slice(11);

const WEEKDAYS: Record<Lang, readonly string[]> = {
  'zh-CN': ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `11 月 20 日 星期五` · `Friday, 20 Nov` */
export function longDay(day: string, lang: Lang): string {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = WEEKDAYS[lang][date.getUTCDay()];
  const month = date.getUTCMonth();
  return lang === 'zh-CN'
    ? `${month + 1} 月 ${date.getUTCDate()} 日 ${weekday}`
    : `${weekday}, ${date.getUTCDate()} ${MONTHS[month]}`;
}

/** `2026-10` → `10月` · `Oct`; January also says the year. */
export function monthLabel(month: string, lang: Lang): string {
  const [year = '', number = '1'] = month.split('-');
  const index = Number(number) - 1;
  if (lang === 'zh-CN') return index === 0 ? `${year}年` : `${index + 1}月`;
  return index === 0 ? year : (MONTHS[index] ?? month);
}

const UNITS: [ms: number, zh: string, en: string][] = [
  [365 * 86_400_000, '年前', 'y ago'],
  [30 * 86_400_000, '个月前', 'mo ago'],
  [86_400_000, '天前', 'd ago'],
  [3_600_000, '小时前', 'h ago'],
  [60_000, '分钟前', 'm ago'],
];

/** How long ago, in one unit. `now` is given: the bank's day is not always the computer's. */
export function ago(instant: string, now: Date, lang: Lang): string {
  const passed = now.getTime() - Date.parse(instant);
  for (const [ms, zh, en] of UNITS) {
    const n = Math.floor(passed / ms);
    if (n >= 1) return lang === 'zh-CN' ? `${n} ${zh}` : `${n}${en}`;
  }
  return lang === 'zh-CN' ? '刚刚' : 'just now';
}

/** Seconds as a person counts them: `4 分 05 秒`, `1 h 02 min`. */
export function duration(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const zh = lang === 'zh-CN';
  if (seconds < 60) return zh ? `${seconds} 秒` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  if (minutes < 60) return zh ? `${minutes} 分 ${rest} 秒` : `${minutes} min ${rest} s`;
  const left = String(minutes % 60).padStart(2, '0');
  return zh ? `${Math.floor(minutes / 60)} 小时 ${left} 分` : `${Math.floor(minutes / 60)} h ${left} min`;
}
