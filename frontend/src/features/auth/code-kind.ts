import type { Proof } from '@/api/session';

export type CodeKind = 'code' | 'recovery_code';

const digits = (text: string): string => text.replaceAll(/\D/g, '');

/** Whether it is long enough to be asked about. */
export const isWhole = (kind: CodeKind, text: string): boolean =>
  kind === 'code' ? digits(text).length === 6 : text.replaceAll(/[^a-z2-7]/gi, '').length === 16;

/** What is sent: authenticators show their digits in groups, and people type them so. */
export const codeProof = (kind: CodeKind, text: string): Proof =>
  kind === 'code' ? { code: digits(text) } : { recovery_code: text.trim() };
