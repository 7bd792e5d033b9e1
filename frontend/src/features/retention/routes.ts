import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchId, withoutEmpty } from '@/lib/url-state';

export interface RetentionSearch {
  /** A run that is looked at. */
  run?: string;
}

export const retentionRoute = {
  path: '/retention',
  validateSearch: (raw: Record<string, unknown>): RetentionSearch =>
    withoutEmpty({ run: searchId(raw, 'run') }),
  staticData: { permission: 'retention:read' },
  component: lazyRouteComponent(
    () => withWords('retention', () => import('./retention.page')),
    'RetentionPage',
  ),
} as const;
