import { useEffect, useRef } from 'react';

export type InboxKey = 'j' | 'k' | 'a' | 'r' | 'x' | 'Enter' | '?' | 'Escape';

const KEYS: readonly string[] = ['j', 'k', 'a', 'r', 'x', 'Enter', '?', 'Escape'];
/** Where a letter is a letter, and where Enter has a meaning of its own. */
const TYPING =
  'input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=combobox]';

/** Single keys for a list, while nothing is being typed and no dialog is open. */
export function useInboxKeys(press: (key: InboxKey) => void, is_paused: boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    if (is_paused) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
      const target = event.target as Element | null;
      if (target?.closest?.(TYPING)) return;
      if (event.key === 'Enter' && target?.closest?.('a, button')) return;
      event.preventDefault();
      latest.current(event.key as InboxKey);
    };
    globalThis.addEventListener('keydown', listen);
    return () => globalThis.removeEventListener('keydown', listen);
  }, [is_paused]);
}
