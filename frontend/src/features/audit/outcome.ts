import type { Tone } from '@/ui/pill';
import type { AuditEntry } from './queries';

export const OUTCOME_TONES: Record<AuditEntry['outcome'], Tone> = {
  done: 'ok',
  refused: 'warn',
  failed: 'danger',
};
