import { useNavigate } from '@tanstack/react-router';
import { ArrowRight, Languages, Search, Siren, SunMoon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe } from '@/api/session';
import { customerNoIn } from '@/features/break-glass/offer';
import { SEARCH_MAX } from '@/features/cardholders/codes';
import type { CardholderHit } from '@/features/cardholders/queries';
import { usePrefs } from '@/lib/prefs';
import { useIsDark } from '@/lib/theme-mode';
import { Avatar } from '@/ui/avatar';
import { menuFor } from './menu';
import { type Found, useFound } from './palette-search';
import { type RecentCardholder, useRecent } from './recent';

interface Item {
  key: string;
  group: 'recent' | 'cardholders' | 'pages' | 'actions';
  icon: ReactNode;
  title: string;
  note?: string;
  run: () => void;
}

interface PaletteProps {
  onClose: () => void;
  /** The way to somebody whom no search shows; with the customer number, if that was typed. */
  onBreakGlass: (customer_no: string | undefined) => void;
}

/** Search from anywhere: cardholders by the server's one search box, pages and switches by name. */
export function Palette({ onClose, onBreakGlass }: PaletteProps) {
  const { t } = useTranslation();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(text);
  const seesCardholders = useCan('cardholders:read');
  const items = useItems(text.trim(), found, onBreakGlass);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const chosen = Math.min(at, items.length - 1);
  const run = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  const press = (event: KeyboardEvent) => {
    // An IME's Enter confirms pinyin; it must not open a record.
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      const next = (chosen + step + items.length) % items.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(items[chosen]);
    }
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it; Escape does the same by itself
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.title')}
      onCancel={onClose}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <label className="palette-input">
        <Search size={18} aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          maxLength={SEARCH_MAX}
          placeholder={seesCardholders ? t('palette.placeholder') : t('shell.search_pages')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </label>
      <p className="sr-only" aria-live="polite">
        {found.state === 'done' && t('palette.results', { n: items.length })}
      </p>
      <PaletteList id={id} items={items} chosen={chosen} onPoint={setAt} onRun={run} />
      <PaletteNote text={text.trim()} found={found} isEmpty={items.length === 0} />
      <div className="palette-foot" aria-hidden>
        <span>
          <kbd>↑</kbd>
          <kbd>↓</kbd>
          {t('palette.hint_move')}
        </span>
        <span>
          <kbd>Enter</kbd>
          {t('palette.hint_open')}
        </span>
        <span>
          <kbd>Esc</kbd>
          {t('palette.hint_close')}
        </span>
      </div>
    </dialog>
  );
}

interface PaletteListProps {
  id: string;
  items: Item[];
  chosen: number;
  onPoint: (at: number) => void;
  onRun: (item: Item) => void;
}

function PaletteList({ id, items, chosen, onPoint, onRun }: PaletteListProps) {
  const { t } = useTranslation();
  return (
    <div id={`${id}-list`} className="palette-list" role="listbox" aria-label={t('palette.title')}>
      {items.map((item, index) => (
        <div key={item.key} role="presentation">
          {item.group !== items[index - 1]?.group && (
            <div className="palette-group" role="presentation">
              {t(`palette.${item.group}`)}
            </div>
          )}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the combobox that owns this list */}
          <div
            id={`${id}-${index}`}
            className="palette-item"
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseMove={() => onPoint(index)}
            onClick={() => onRun(item)}
          >
            {item.icon}
            <span className="grow">
              <b>{item.title}</b>
              {item.note && <small className="num">{item.note}</small>}
            </span>
            {index === chosen && <ArrowRight size={15} aria-hidden />}
          </div>
        </div>
      ))}
    </div>
  );
}

function PaletteNote({ text, found, isEmpty }: { text: string; found: Found; isEmpty: boolean }) {
  const { t } = useTranslation();
  if (found.state === 'searching')
    return <p className="palette-group palette-note">{t('palette.searching')}</p>;
  if (found.state === 'failed') return <p className="palette-group palette-note">{t('palette.failed')}</p>;
  const isVain = found.state === 'done' && found.items.length === 0;
  if (!text || !(isEmpty || isVain)) return null;
  return (
    <p className="palette-group palette-note">
      {t('palette.empty', { q: text })} {t('palette.empty_hint')}
    </p>
  );
}

function useItems(text: string, found: Found, onBreakGlass: PaletteProps['onBreakGlass']): Item[] {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const recent = useRecent((state) => state.items);
  const seesCardholders = useCan('cardholders:read');
  const switches = useSwitches();
  const open = (cardholder_id: string) =>
    void navigate({ to: '/cardholders/$cardholder_id', params: { cardholder_id } });
  const foundNote = ({ customer_no, branch_name, matched_by }: CardholderHit) =>
    [customer_no, branch_name, matched_by !== 'name' && t(`code.found_by.${matched_by}`)]
      .filter(Boolean)
      .join(' · ');
  const typed = text.toLowerCase();
  const named = (title: string) => !typed || title.toLowerCase().includes(typed);

  const item = (person: RecentCardholder, group: Item['group'], note: string): Item => ({
    key: person.cardholder_id,
    group,
    icon: <Avatar name={person.name} />,
    title: person.name ?? t('common.unnamed'),
    note,
    run: () => open(person.cardholder_id),
  });
  const people = text
    ? found.items.map((hit) => item(hit, 'cardholders', foundNote(hit)))
    : recent.map((person) => item(person, 'recent', person.customer_no));
  const all: Item[] =
    seesCardholders && text && found.items.length > 0
      ? [
          {
            key: 'all',
            group: 'cardholders',
            icon: <Search size={17} aria-hidden />,
            title: t('palette.show_all', { q: text }),
            run: () => void navigate({ to: '/cardholders', state: { q: text } }),
          },
        ]
      : [];
  const pages = menuFor(me.permissions)
    .flatMap((group) => group.items)
    .map(
      ({ key, to, icon: Icon }): Item => ({
        key,
        group: 'pages',
        icon: <Icon size={17} aria-hidden />,
        title: t(`shell.nav_${key}`),
        run: () => void navigate({ to }),
      }),
    );
  const mayBreakGlass = useCan('break_glass:use');
  const breakGlass: Item = {
    key: 'break_glass_open',
    group: 'actions',
    icon: <Siren size={17} aria-hidden />,
    title: t('desk.break_glass.open'),
    run: () => onBreakGlass(customerNoIn(text)),
  };
  // Offered by its name, and to whoever looked for somebody in vain.
  const isSoughtInVain = text !== '' && found.state === 'done' && found.items.length === 0;
  const emergency = mayBreakGlass && (isSoughtInVain || named(breakGlass.title)) ? [breakGlass] : [];
  const others = [...pages, ...switches].filter((item) => named(item.title));
  return [...people, ...all, ...others, ...emergency];
}

function useSwitches(): Item[] {
  const { t } = useTranslation();
  const isDark = useIsDark();
  const lang = usePrefs((prefs) => prefs.lang);
  const set = usePrefs((prefs) => prefs.set);
  return [
    {
      key: 'theme',
      group: 'actions',
      icon: <SunMoon size={17} aria-hidden />,
      title: t('palette.theme'),
      run: () => set({ theme: isDark ? 'light' : 'dark' }),
    },
    {
      key: 'language',
      group: 'actions',
      icon: <Languages size={17} aria-hidden />,
      title: t('palette.language'),
      run: () => set({ lang: lang === 'zh-CN' ? 'en' : 'zh-CN' }),
    },
  ];
}
