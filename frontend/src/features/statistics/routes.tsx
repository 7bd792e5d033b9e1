import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchDay, searchId, searchOneOf, searchText, withoutEmpty } from '@/lib/url-state';
import { DIMENSIONS, MEASURES } from './codes';
import type { StatisticsFilter } from './queries';

/** The filter as the API has it; measure and dimension have their usual values unless they are named. */
export type StatisticsSearch = Partial<StatisticsFilter>;

export const statisticsRoute = {
  path: '/statistics',
  validateSearch: (raw: Record<string, unknown>): StatisticsSearch =>
    withoutEmpty({
      measure: searchOneOf(raw, 'measure', MEASURES),
      by: searchOneOf(raw, 'by', DIMENSIONS),
      branch_id: searchId(raw, 'branch_id'),
      product_code: searchText(raw, 'product_code'),
      month_from: searchDay(raw, 'month_from'),
      month_to: searchDay(raw, 'month_to'),
      currency: searchText(raw, 'currency'),
    }),
  staticData: { permission: 'statistics:read' },
  component: lazyRouteComponent(
    () => withWords('statistics', () => import('./statistics.page')),
    'StatisticsPage',
  ),
} as const;
