import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Lang = 'zh-CN' | 'en';
export type Theme = 'light' | 'dark' | 'system';

/** How a person likes the screen. Kept in the browser: nothing here says anything about a cardholder. */
interface Prefs {
  lang: Lang;
  theme: Theme;
  is_nav_collapsed: boolean;
  is_dense: boolean;
  /** Shown columns by table; absent means the table's own choice. */
  columns: Record<string, string[]>;
  set: (patch: Partial<Omit<Prefs, 'set'>>) => void;
}

// Read by public/boot.js before the application loads: keep name and shape together.
const STORE = 'cardea.prefs';

export const usePrefs = create<Prefs>()(
  persist(
    (set) => ({
      lang: 'zh-CN',
      theme: 'system',
      is_nav_collapsed: false,
      is_dense: true,
      columns: {},
      set: (patch) => set(patch),
    }),
    { name: STORE },
  ),
);

export const currentLang = (): Lang => usePrefs.getState().lang;
export const useLang = (): Lang => usePrefs((prefs) => prefs.lang);
