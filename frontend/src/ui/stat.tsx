import type { ReactNode } from 'react';

/** One figure of a strip; the strip itself is `<div className="card stats">`. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <dl className="stat">
      <dt>{label}</dt>
      <dd className="stat-value num">{value}</dd>
      {note !== undefined && <dd className="stat-note">{note}</dd>}
    </dl>
  );
}
