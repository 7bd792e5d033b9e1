import type { ReactNode } from 'react';

export type Tone = 'ok' | 'warn' | 'danger' | 'primary' | 'violet' | 'slate' | 'plain';

export function Pill({
  tone = 'plain',
  has_dot = false,
  children,
}: {
  tone?: Tone;
  has_dot?: boolean;
  children: ReactNode;
}) {
  return <span className={`pill is-${tone}${has_dot ? ' has-dot' : ''}`}>{children}</span>;
}
