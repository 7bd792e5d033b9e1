import { searchOneOf, withoutEmpty } from '@/lib/url-state';
import type { WorkFilter, WorkKind, WorkShare } from './queries';

export const KINDS = ['break_glass_review', 'approval'] as const satisfies readonly WorkKind[];
export const SHARES = ['open', 'mine', 'unclaimed'] as const satisfies readonly WorkShare[];

export const parseInboxSearch = (raw: Record<string, unknown>): WorkFilter =>
  withoutEmpty({ kind: searchOneOf(raw, 'kind', KINDS), share: searchOneOf(raw, 'share', SHARES) });
