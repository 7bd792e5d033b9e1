import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { searchDay, searchId, searchOneOf, searchText, withoutEmpty } from '@/lib/url-state';
import { ANOMALY_KINDS, type AnomalyKind, OUTCOMES, type Outcome, ROLES, type Role } from './codes';

export interface AuditSearch {
  action?: string;
  staff_id?: string;
  cardholder_id?: string;
  object_id?: string;
  outcome?: Outcome;
  role?: Role;
  branch_id?: string;
  ip?: string;
  trace_id?: string;
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
      object_id: searchId(raw, 'object_id'),
      outcome: searchOneOf(raw, 'outcome', OUTCOMES),
      role: searchOneOf(raw, 'role', ROLES),
      branch_id: searchId(raw, 'branch_id'),
      ip: searchText(raw, 'ip'),
      trace_id: searchText(raw, 'trace_id'),
      day_from: searchDay(raw, 'day_from'),
      day_to: searchDay(raw, 'day_to'),
    }),
  staticData: { permission: 'audit:read' },
  component: lazyRouteComponent(() => withWords('system', () => import('./audit.page')), 'AuditPage'),
} as const;

export interface AnomalySearch {
  kind?: AnomalyKind;
  is_reviewed?: 'true' | 'false';
  staff_id?: string;
}

export const anomaliesRoute = {
  path: '/anomalies',
  validateSearch: (raw: Record<string, unknown>): AnomalySearch =>
    withoutEmpty({
      kind: searchOneOf(raw, 'kind', ANOMALY_KINDS),
      is_reviewed: searchOneOf(raw, 'is_reviewed', ['true', 'false'] as const),
      staff_id: searchId(raw, 'staff_id'),
    }),
  staticData: { permission: 'anomalies:read' },
  component: lazyRouteComponent(() => withWords('system', () => import('./anomalies.page')), 'AnomaliesPage'),
} as const;
