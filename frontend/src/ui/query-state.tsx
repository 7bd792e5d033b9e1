import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemState } from './problem-alert';
import { PanelSkeleton } from './skeleton';

interface QueryStateProps<T> {
  query: UseQueryResult<T>;
  skeleton?: ReactNode;
  is_small?: boolean;
  /** The query is the page: its failure takes the page's heading. */
  is_page?: boolean;
  /** What else may be done about something that is not there. */
  offer?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The one place where a query's four states become a screen: loading, error, forbidden, data. */
export function QueryState<T>({
  query,
  skeleton,
  is_small = true,
  is_page = false,
  offer,
  children,
}: QueryStateProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError)
    return (
      <ProblemState
        error={query.error}
        onRetry={() => void query.refetch()}
        offer={offer}
        is_small={is_small && !is_page}
        is_page={is_page}
      />
    );
  return skeleton ?? <PanelSkeleton />;
}
