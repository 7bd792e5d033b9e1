import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { type GrantFilter, type GrantLine, grantsQuery } from './queries';
import type { BreakGlassSearch } from './search';

/**
 * The grants of a list, those that nobody has judged first: the server lists by time, so that the judged ones are asked for
 * once all the others are there.
 */
export function useGrants(filter: GrantFilter, review: BreakGlassSearch['review']) {
  const pending = useInfiniteQuery({
    ...grantsQuery({ ...filter, is_reviewed: false }),
    enabled: review !== 'done',
  });
  const isPendingWhole = review === 'done' || (pending.isSuccess && !pending.hasNextPage);
  const done = useInfiniteQuery({
    ...grantsQuery({ ...filter, is_reviewed: true }),
    enabled: review !== 'pending' && isPendingWhole,
  });
  const pages = review !== 'pending' && isPendingWhole ? done : pending;
  const rows = useMemo(() => {
    const lines = (query: typeof pending) => query.data?.pages.flatMap((page) => page.items) ?? [];
    return [
      ...(review === 'done' ? [] : lines(pending)),
      ...(review !== 'pending' && isPendingWhole ? lines(done) : []),
    ];
  }, [pending, done, review, isPendingWhole]);
  return { pages, rows };
}

/** The grant that the address names, fetched page by page until it is there. */
export function useNamedGrant(
  grant_id: string | undefined,
  { pages, rows }: ReturnType<typeof useGrants>,
): GrantLine | undefined {
  const found = grant_id ? rows.find((row) => row.grant_id === grant_id) : undefined;
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const isMissing = grant_id !== undefined && found === undefined;
  useEffect(() => {
    if (isMissing && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [isMissing, hasNextPage, isFetching, isError, fetchNextPage]);
  return found;
}
