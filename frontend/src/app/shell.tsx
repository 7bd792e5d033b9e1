import './styles/shell.css';
import '@/ui/ui.css';
import '@/ui/figures.css';
import '@/ui/feedback.css';
import { Outlet, useMatches, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { useMe } from '@/api/session';
import { useStepUp } from '@/api/step-up';
import { usePrefs } from '@/lib/prefs';
import { useMobile } from '@/lib/use-media';
import { ProblemState } from '@/ui/problem-alert';
import { AntdProvider } from './antd';
import { IdleGuard } from './idle';
import { Side, TabBar } from './nav';
import { SecondFactorDue } from './second-factor-due';
import { TopBar } from './top-bar';

const MenuDrawer = lazy(() => import('./menu-drawer').then((module) => ({ default: module.MenuDrawer })));
const fetchPalette = () => import('./palette').then((module) => ({ default: module.Palette }));
const Palette = lazy(fetchPalette);
const StepUpDialog = lazy(() =>
  import('@/features/auth/step-up-dialog').then((module) => ({ default: module.StepUpDialog })),
);
const OpenDialog = lazy(() =>
  import('@/features/break-glass/open-dialog').then((module) => ({ default: module.OpenDialog })),
);

export function Shell() {
  return (
    <AntdProvider>
      <Frame />
    </AntdProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const collapsed = usePrefs((prefs) => prefs.is_nav_collapsed);
  const [menuOpen, setMenuOpen] = useState(false);
  // Fetched when it is first wanted; from then on it stays, so that it can close as it opened.
  const [isMenuMet, setMenuMet] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const isStepUpAsked = useStepUp((state) => Boolean(state.answer));
  const [breaking, setBreaking] = useState<{ customer_no: string | undefined } | null>(null);
  useShortcut(() => setPaletteOpen((open) => !open));
  useLive();
  const openMenu = () => {
    setMenuMet(true);
    setMenuOpen(true);
  };
  return (
    <div className={`shell${collapsed && !mobile ? ' is-collapsed' : ''}`}>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      {!mobile && <Side />}
      <div className="shell-body">
        <TopBar onMenu={openMenu} onSearch={() => setPaletteOpen(true)} />
        <SecondFactorDue />
        <Main />
      </div>
      {mobile && <TabBar onMore={openMenu} />}
      {mobile && isMenuMet && (
        <Suspense>
          <MenuDrawer is_open={menuOpen} onClose={() => setMenuOpen(false)} />
        </Suspense>
      )}
      {isStepUpAsked && (
        <Suspense>
          <StepUpDialog />
        </Suspense>
      )}
      <IdleGuard />
      {paletteOpen && (
        <Suspense>
          <Palette
            onClose={() => setPaletteOpen(false)}
            onBreakGlass={(customer_no) => setBreaking({ customer_no })}
          />
        </Suspense>
      )}
      {breaking && (
        <Suspense>
          <OpenDialog {...breaking} onClose={() => setBreaking(null)} />
        </Suspense>
      )}
    </div>
  );
}

/** Follows the bank's events while somebody is signed in, and fetches the palette; nothing of the first view waits for it. */
function useLive() {
  useEffect(() => {
    const stop = new AbortController();
    fetchPalette().catch(() => undefined); // Asked for again when it is opened.
    void import('./live').then(({ live }) => live(stop.signal));
    return () => stop.abort();
  }, []);
}

/** The page, or "forbidden" in its place; each new page takes the focus so that it is read from its start. */
function Main() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const { permissions } = useMe();
  const needed = useMatches({ select: (matches) => matches.map((match) => match.staticData.permission) });
  const allowed = needed.every((permission) => !permission || permissions.includes(permission));
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what the effect waits for
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  return (
    <main ref={main} id="main" className="shell-main" tabIndex={-1}>
      {allowed ? <Outlet /> : <ProblemState error={FORBIDDEN} is_page />}
    </main>
  );
}

const FORBIDDEN = new Problem({ status: 403, code: 'client.forbidden', title: '' });

function useShortcut(act: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        act();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [act]);
}
