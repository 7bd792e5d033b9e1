import { type KeyboardEvent, type ReactNode, useRef } from 'react';

export interface TabItem<K extends string> {
  key: K;
  label: string;
  count?: number;
}

interface TabsProps<K extends string> {
  label: string;
  id: string;
  items: TabItem<K>[];
  active: K;
  onChange: (key: K) => void;
}

/** Tabs as the ARIA practices have them: one stop for Tab, arrows between. Each panel is a `TabPanel`. */
export function Tabs<K extends string>({ label, id, items, active, onChange }: TabsProps<K>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.key === active);
    const next = items[(at + step + items.length) % items.length];
    if (!next) return;
    onChange(next.key);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next.key}`)}`)?.focus();
  };
  return (
    <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {items.map((item) => (
        <button
          key={item.key}
          id={`${id}-${item.key}`}
          type="button"
          role="tab"
          aria-selected={item.key === active}
          aria-controls={`${id}-panel`}
          tabIndex={item.key === active ? 0 : -1}
          onClick={() => onChange(item.key)}
        >
          {item.label}
          {item.count !== undefined && <small className="num">{item.count}</small>}
        </button>
      ))}
    </div>
  );
}

interface TabPanelProps {
  id: string;
  active: string;
  /** As high as the card leaves room, for a table that scrolls inside. */
  is_fill?: boolean;
  children: ReactNode;
}

export function TabPanel({ id, active, is_fill = false, children }: TabPanelProps) {
  return (
    <div
      id={`${id}-panel`}
      role="tabpanel"
      aria-labelledby={`${id}-${active}`}
      className={is_fill ? 'tab-panel' : undefined}
    >
      {children}
    </div>
  );
}
