import type { Answer } from '@/api/client';
import type { Tone } from '@/ui/pill';

type Entry = Answer<'/api/v1/audit_entries', 'get'>['items'][number];
type Anomaly = Answer<'/api/v1/audit/anomalies', 'get'>['items'][number];

export type Outcome = Entry['outcome'];
export type Role = NonNullable<Entry['role']>;
export type AnomalyKind = Anomaly['kind'];
export type AnomalyVerdict = NonNullable<Anomaly['verdict']>;

export const OUTCOMES = ['done', 'refused', 'failed'] as const satisfies readonly Outcome[];

export const ROLES = [
  'teller',
  'relationship_manager',
  'service_agent',
  'risk_officer',
  'risk_manager',
  'marketer',
  'marketing_manager',
  'branch_manager',
  'auditor',
  'admin',
] as const satisfies readonly Role[];

export const ANOMALY_KINDS = [
  'busy_hour',
  'busy_day',
  'night',
  'other_branch',
  'possible_colleague',
  'refusals',
  'reveal_quota',
] as const satisfies readonly AnomalyKind[];

export const VERDICTS = ['harmless', 'suspicious'] as const satisfies readonly AnomalyVerdict[];

export const VERDICT_TONES: Record<AnomalyVerdict, Tone> = { harmless: 'ok', suspicious: 'danger' };
