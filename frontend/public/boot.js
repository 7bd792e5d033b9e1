// Runs before the first paint so that a dark screen never flashes white; an external file because the
// content security policy refuses inline scripts.
(() => {
  let prefs = {};
  try {
    prefs = JSON.parse(localStorage.getItem('cardea.prefs') || '{}').state || {};
  } catch {
    // A broken or forbidden store means default preferences.
  }
  const dark =
    prefs.theme === 'dark' || (prefs.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.lang = prefs.lang === 'en' ? 'en' : 'zh-CN';
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark ? '#0e1116' : '#f5f6f8');
})();
