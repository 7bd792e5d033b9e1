import { redirect } from '@tanstack/react-router';
import { type Permission, restoreSession } from '@/api/session';
import { safeNext } from '@/lib/url-state';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Without it the shell shows "forbidden" in the page's place; the server refuses in any case. */
    permission?: Permission;
  }
}

/** Nobody passes without a session, and with an initial password nobody gets further than changing it. */
export async function guardShell(href: string): Promise<void> {
  const me = await restoreSession();
  if (!me) throw redirect({ to: '/login', search: { next: safeNext(href) } });
  if (me.must_change_password) throw redirect({ to: '/password' });
}

export async function guardPassword(): Promise<void> {
  if (!(await restoreSession())) throw redirect({ to: '/login' });
}

export async function guardLogin(next: string | undefined): Promise<void> {
  if (await restoreSession().catch(() => null)) throw redirect({ to: safeNext(next) ?? '/' });
}
