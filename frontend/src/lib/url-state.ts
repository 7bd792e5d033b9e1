/**
 * Search parameters as plain text: `?lifecycle=active&lifecycle=dormant&age_min=30`, readable, typed by each
 * page's own schema, and free of the quotes a JSON encoding would put around digits.
 */
export function parseSearch(search: string): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const key of new Set(new URLSearchParams(search).keys())) {
    const values = new URLSearchParams(search).getAll(key);
    result[key] = values.length > 1 ? values : (values[0] ?? '');
  }
  return result;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') params.append(key, String(item));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** The record without its empty values, so that two equal filters are equal objects. */
export function withoutEmpty<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(record).filter(
      ([, value]) =>
        value !== undefined &&
        value !== null &&
        value !== '' &&
        !(Array.isArray(value) && value.length === 0),
    ),
  ) as Partial<T>;
}

export function sameQuery(a: object, b: object): boolean {
  const canonical = (record: object) => {
    const entries = Object.entries(withoutEmpty(record)).map(([key, value]): [string, unknown] => [
      key,
      value,
    ]);
    return JSON.stringify(entries.sort(([x], [y]) => (x < y ? -1 : 1)));
  };
  return canonical(a) === canonical(b);
}

type Raw = Record<string, unknown>;

/** Readers of single parameters for a page's `validateSearch`: whatever is malformed is absent, never an error. */
export const searchText = (raw: Raw, key: string): string | undefined => {
  const value = raw[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
};

export const searchOneOf = <T extends string>(raw: Raw, key: string, values: readonly T[]): T | undefined =>
  values.find((value) => value === raw[key]);

export const searchWhole = (raw: Raw, key: string, max = 1e15 - 1): number | undefined => {
  const text = searchText(raw, key);
  const whole = text && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  return whole !== undefined && whole <= max ? whole : undefined;
};

export const searchDay = (raw: Raw, key: string): string | undefined => {
  const text = searchText(raw, key);
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
};

export const searchId = (raw: Raw, key: string): string | undefined => {
  const text = searchText(raw, key);
  return text && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : undefined;
};

/** Only a path of this application may be gone to after signing in. */
export const safeNext = (next: string | undefined): string | undefined =>
  next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : undefined;
