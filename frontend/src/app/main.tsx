import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startI18n } from '@/lib/i18n';
import { Root } from './root';

// After a deployment the old chunks are gone: load the new page once, and only once, so that a chunk that is
// truly missing shows an error instead of reloading for ever.
const RELOADED = 'cardea.reloaded_at';
const RELOAD_AGAIN_MS = 60_000;
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < RELOAD_AGAIN_MS) return;
  event.preventDefault();
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
});

void startI18n().then(() => {
  const element = document.getElementById('root');
  if (!element) throw new Error('index.html has no #root');
  createRoot(element).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
});
