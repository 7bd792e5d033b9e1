import type { Tone } from '@/ui/pill';
import type { Export, ExportBody } from './queries';

export type List = Export['list'];
export type Stage = Export['stage'];

export const LISTS = [
  'cardholders',
  'transactions',
  'audit_entries',
  'statistics',
] as const satisfies readonly List[];

export const FORMATS = ['csv', 'xlsx', 'ndjson'] as const satisfies readonly ExportBody['format'][];

export const PURPOSES = [
  'service',
  'risk_review',
  'reconciliation',
  'regulator',
  'audit',
  'reporting',
] as const satisfies readonly ExportBody['purpose'][];

export const STAGE_TONES: Record<Stage, Tone> = {
  waiting: 'warn',
  refused: 'danger',
  queued: 'plain',
  running: 'primary',
  ready: 'ok',
  expired: 'slate',
  failed: 'danger',
  cancelled: 'slate',
};

/** The list's filter out of an address; none where it can't be read. */
export function readQuery(text: string | undefined): ExportBody['query'] {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as ExportBody['query'])
      : {};
  } catch {
    return {};
  }
}

const STEPS = ['B', 'KB', 'MB', 'GB'] as const;

/** `1.4 MB` */
export function bytes(size: number): string {
  let at = 0;
  let value = size;
  while (value >= 1024 && at < STEPS.length - 1) {
    value /= 1024;
    at += 1;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${STEPS[at]}`;
}
