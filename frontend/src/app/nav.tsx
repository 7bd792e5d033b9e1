import { Link, useRouterState } from '@tanstack/react-router';
import { ChevronsLeft, ChevronsRight, Menu } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import { usePrefs } from '@/lib/prefs';
import { Logo } from '@/ui/logo';
import { isUnder, menuFor } from './menu';
import { useWaiting } from './use-waiting';

const usePath = () => useRouterState({ select: (state) => state.location.pathname });

export function Brand() {
  const { t } = useTranslation();
  return (
    <Link to="/" className="brand">
      <Logo />
      <span>
        <b>{t('brand.name')}</b>
        <small>{t('brand.sub')}</small>
      </span>
    </Link>
  );
}

/** Only what the role may open. `onGo` closes the phone's drawer. */
export function Nav({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const path = usePath();
  return (
    <nav aria-label={t('shell.main_menu')}>
      {menuFor(me.permissions).map((group) => (
        <div key={group.key}>
          <h2 className="nav-group">{t(`shell.group_${group.key}`)}</h2>
          <ul>
            {group.items.map(({ key, to, icon: Icon, is_queue }) => (
              <li key={key}>
                <Link
                  to={to}
                  onClick={onGo}
                  className="nav-item"
                  activeProps={{}}
                  aria-current={isUnder(path, to) ? 'page' : undefined}
                  title={t(`shell.nav_${key}`)}
                >
                  <Icon size={17} aria-hidden />
                  <span>{t(`shell.nav_${key}`)}</span>
                  {is_queue && <Waiting />}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

const SHOWN_TO = 99;

/** How much waits; nothing while that is nothing. */
function Waiting() {
  const { t } = useTranslation();
  const waiting = useWaiting();
  if (!waiting) return null;
  return (
    <small className="nav-count num">
      <span aria-hidden>{waiting > SHOWN_TO ? `${SHOWN_TO}+` : waiting}</span>
      <span className="sr-only">{t('shell.waiting', { n: waiting })}</span>
    </small>
  );
}

export function Side() {
  const { t } = useTranslation();
  const collapsed = usePrefs((prefs) => prefs.is_nav_collapsed);
  const set = usePrefs((prefs) => prefs.set);
  const label = collapsed ? t('shell.expand') : t('shell.collapse');
  const Icon = collapsed ? ChevronsRight : ChevronsLeft;
  return (
    <aside className="shell-side">
      <Brand />
      <Nav />
      <div className="shell-foot">
        <button
          type="button"
          className="nav-item"
          title={label}
          aria-label={label}
          onClick={() => set({ is_nav_collapsed: !collapsed })}
        >
          <Icon size={17} aria-hidden />
          <span>{label}</span>
        </button>
      </div>
    </aside>
  );
}

const TABS = 3;

/** The phone's bottom bar: the role's first pages, then everything else. */
export function TabBar({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const path = usePath();
  const items = menuFor(me.permissions).flatMap((group) => group.items);
  return (
    <nav className="tab-bar" aria-label={t('shell.quick_menu')}>
      {items
        .filter((item) => !item.is_off_tab_bar)
        .slice(0, TABS)
        .map(({ key, to, icon: Icon, is_queue }) => (
          <Link key={key} to={to} activeProps={{}} aria-current={isUnder(path, to) ? 'page' : undefined}>
            <Icon size={20} aria-hidden />
            {is_queue && <Waiting />}
            {key === 'workbench' ? t('shell.tab_workbench') : t(`shell.nav_${key}`)}
          </Link>
        ))}
      <button type="button" onClick={onMore}>
        <Menu size={20} aria-hidden />
        {t('shell.more')}
      </button>
    </nav>
  );
}
