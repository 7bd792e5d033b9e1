import { searchDay, searchId, searchOneOf, withoutEmpty } from '@/lib/url-state';
import type { Grant, Reason } from './queries';

export const REASONS = [
  'walk_in',
  'fraud_investigation',
  'emergency_block',
  'complaint',
  'legal_request',
] as const satisfies readonly Reason[];
export const VERDICTS = ['justified', 'questionable'] as const satisfies readonly NonNullable<
  Grant['verdict']
>[];

export interface BreakGlassSearch {
  tab?: 'own' | 'week';
  /** The Monday of the week shown; absent means the present one. */
  week?: string;
  review?: 'pending' | 'done';
  /** The grant whose details are open. */
  grant?: string;
}

export const parseBreakGlassSearch = (raw: Record<string, unknown>): BreakGlassSearch =>
  withoutEmpty({
    tab: searchOneOf(raw, 'tab', ['own', 'week'] as const),
    week: searchDay(raw, 'week'),
    review: searchOneOf(raw, 'review', ['pending', 'done'] as const),
    grant: searchId(raw, 'grant'),
  });
