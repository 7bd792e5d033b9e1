import type { ReactNode } from 'react';
import { percent } from '@/lib/number';

export interface BarItem {
  /** Null for what belongs to no group: it can't be opened. */
  key: string | null;
  label: string;
  value: ReactNode;
  /** 0…1 of the whole, written beside the bar. */
  share: number;
}

/** Shares as bars: the longest fills the line, the figure beside it says the share. */
export function BarList({ items, onOpen }: { items: BarItem[]; onOpen?: (key: string) => void }) {
  const longest = Math.max(...items.map((item) => item.share), Number.MIN_VALUE);
  return (
    <ul className="bar-list">
      {items.map(({ key, ...item }) => (
        <li key={key}>
          {onOpen && key !== null ? (
            <button type="button" onClick={() => onOpen(key)}>
              {item.label}
            </button>
          ) : (
            <span>{item.label}</span>
          )}
          <span className="bar" aria-hidden>
            <i style={{ width: `${Math.max(1, (item.share / longest) * 100)}%` }} />
          </span>
          <b className="num">{item.value}</b>
          <small className="num">{percent(item.share)}</small>
        </li>
      ))}
    </ul>
  );
}
