import { lazyRouteComponent } from '@tanstack/react-router';
import { searchDay, searchId, searchText, withoutEmpty } from '@/lib/url-state';

export interface AuditSearch {
  action?: string;
  staff_id?: string;
  cardholder_id?: string;
  day_from?: string;
  day_to?: string;
}

export const auditRoute = {
  path: '/audit',
  validateSearch: (raw: Record<string, unknown>): AuditSearch =>
    withoutEmpty({
      action: searchText(raw, 'action'),
      staff_id: searchId(raw, 'staff_id'),
      cardholder_id: searchId(raw, 'cardholder_id'),
      day_from: searchDay(raw, 'day_from'),
      day_to: searchDay(raw, 'day_to'),
    }),
  staticData: { permission: 'audit:read' },
  component: lazyRouteComponent(() => import('./audit.page'), 'AuditPage'),
} as const;
