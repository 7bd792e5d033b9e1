import { useEffect, useRef } from 'react';

export interface InboxKeys {
  move: (step: 1 | -1) => void;
  open: () => void;
  takeNext: () => void;
}

const TYPING =
  'input, textarea, select, [contenteditable=true], [role=combobox], dialog, .ant-modal, .ant-drawer';
const PRESSABLE = 'a, button';

/** j and k through the list, Enter opens, t takes the next one; not while somebody types or a dialog is open. */
export function useInboxKeys(keys: InboxKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as Element;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (target.closest(TYPING) || document.querySelector('dialog[open], .ant-modal-wrap')) return;
      // A focused link or button has an Enter of its own.
      if (event.key === 'Enter' && target.closest(PRESSABLE)) return;
      const act = {
        j: () => latest.current.move(1),
        k: () => latest.current.move(-1),
        Enter: () => latest.current.open(),
        t: () => latest.current.takeNext(),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
