import { searchDay, searchId, searchOneOf, searchText, searchWhole, withoutEmpty } from '@/lib/url-state';
import { AGE_MAX, GENDERS, LIFECYCLES, PRODUCT_KINDS, SORTS } from './codes';
import type { CardholderFilter } from './queries';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What is searched for: a name or somebody's number, so it never stands in an address. */
    q?: string;
  }
}

/** What the list's address says: the filters as the API has them, and the saved view they came from. */
export interface ListSearch extends CardholderFilter {
  view?: string;
}

export function parseListSearch(raw: Record<string, unknown>): ListSearch {
  return withoutEmpty({
    branch_id: searchId(raw, 'branch_id'),
    manager_id: searchId(raw, 'manager_id'),
    lifecycle: searchOneOf(raw, 'lifecycle', LIFECYCLES),
    gender: searchOneOf(raw, 'gender', GENDERS),
    occupation: searchText(raw, 'occupation'),
    age_min: searchWhole(raw, 'age_min', AGE_MAX),
    age_max: searchWhole(raw, 'age_max', AGE_MAX),
    opened_from: searchDay(raw, 'opened_from'),
    opened_to: searchDay(raw, 'opened_to'),
    holds_product: searchOneOf(raw, 'holds_product', PRODUCT_KINDS),
    sort: searchOneOf(raw, 'sort', SORTS),
    view: searchText(raw, 'view'),
  });
}

/** The filter the server is asked with. A search has an order of its own. */
export function toFilter({ view: _, ...filter }: ListSearch, q: string | undefined): CardholderFilter {
  return withoutEmpty({ ...filter, sort: q ? undefined : filter.sort });
}

/** What a saved view keeps: filters, order and columns, never what was searched for. */
export function toViewQuery(search: ListSearch, columns: string[] | undefined): Record<string, unknown> {
  const { view: _, ...filters } = search;
  return withoutEmpty({ ...filters, columns });
}

export function fromViewQuery(query: Record<string, unknown>): {
  search: ListSearch;
  columns: string[] | undefined;
} {
  const raw = Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]),
  );
  const { view: _, ...search } = parseListSearch(raw);
  const columns = Array.isArray(query.columns)
    ? query.columns.filter((key): key is string => typeof key === 'string')
    : undefined;
  return { search, columns };
}

/** Filters besides order and view: the ones "clear filters" clears. */
export function activeFilters(search: ListSearch): Partial<CardholderFilter> {
  const { view: _view, sort: _sort, ...filters } = search;
  return withoutEmpty(filters);
}
