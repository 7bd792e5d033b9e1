import type { ReactNode } from 'react';

/**
 * A value the server has masked. `action` is the place for whatever may unmask it; a value nobody recorded
 * is a dash.
 */
export function Masked({ value, action }: { value: string | null; action?: ReactNode }) {
  return (
    <span className="masked num" translate="no">
      {value ?? '—'}
      {value !== null && action}
    </span>
  );
}
