import { useEffect } from 'react';
import { usePrefs } from './prefs';
import { useMedia } from './use-media';

/** The theme in force, with "as the system" resolved. */
export function useIsDark(): boolean {
  const theme = usePrefs((prefs) => prefs.theme);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  return theme === 'system' ? systemDark : theme === 'dark';
}

export function useThemeAttribute(): void {
  const dark = useIsDark();
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark ? '#0e1116' : '#f5f6f8');
  }, [dark]);
}
