import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '@/api/session';
import { loadLang } from '@/lib/i18n';
import { useLang } from '@/lib/prefs';
import { useThemeAttribute } from '@/lib/theme-mode';
import { queryClient } from './query-client';
import { router } from './router';

export function Root() {
  useThemeAttribute();
  const lang = useLang();
  useEffect(() => {
    void loadLang(lang);
  }, [lang]);
  useEffect(
    () =>
      useSession.subscribe((now, before) => {
        if (now.phase !== 'signed_out' || before.phase !== 'signed_in') return;
        // Nothing of the last person's work stays behind for the next one at this screen.
        queryClient.clear();
        const { pathname, href } = router.state.location;
        if (pathname === '/login') return;
        const search = now.is_expired ? { next: href, notice: 'ended' as const } : {};
        // A form with unsaved entries must not hold a screen whose session is over.
        void router.navigate({ to: '/login', search, ignoreBlocker: true });
      }),
    [],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
