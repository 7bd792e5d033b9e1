import { App, ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import dayjs from 'dayjs';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Lang, useLang } from '@/lib/prefs';
import { useIsDark } from '@/lib/theme-mode';
import { useMedia } from '@/lib/use-media';
import { PageSkeleton } from '@/ui/skeleton';
import { makeTheme } from './theme';

const loaders: Record<Lang, () => Promise<Locale>> = {
  'zh-CN': async () => {
    const [locale] = await Promise.all([import('antd/es/locale/zh_CN'), import('dayjs/locale/zh-cn')]);
    dayjs.locale('zh-cn');
    return locale.default;
  },
  en: async () => {
    const locale = await import('antd/es/locale/en_US');
    dayjs.locale('en');
    return locale.default;
  },
};

/** The star after its label, so that labels stay in one line whether required or not. */
const requiredMark = (label: ReactNode, { required }: { required: boolean }) => (
  <>
    {label}
    {required && <span className="required-mark">*</span>}
  </>
);

/** antd for everything inside the shell; the sign-in pages live without it. */
export function AntdProvider({ children }: { children: ReactNode }) {
  const lang = useLang();
  const isDark = useIsDark();
  const isStill = useMedia('(prefers-reduced-motion: reduce)');
  const theme = useMemo(() => makeTheme(isDark, isStill), [isDark, isStill]);
  const [locale, setLocale] = useState<Locale | null>(null);
  useEffect(() => {
    let wanted = true;
    void loaders[lang]().then((next) => wanted && setLocale(next));
    return () => {
      wanted = false;
    };
  }, [lang]);
  if (!locale) return <PageSkeleton />;
  return (
    <ConfigProvider
      locale={locale}
      theme={theme}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
      form={{ requiredMark }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
