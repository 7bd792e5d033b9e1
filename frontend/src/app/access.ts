import { redirect } from '@tanstack/react-router';
import { owesSecondFactor, type Permission, restoreSession } from '@/api/session';
import { safeNext } from '@/lib/url-state';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Without it the shell shows "forbidden" in the page's place; the server refuses in any case. */
    permission?: Permission;
  }
}

/** Nobody passes without a session; an initial password and an overdue second factor come first. */
export async function guardShell(href: string): Promise<void> {
  const me = await restoreSession();
  if (!me) throw redirect({ to: '/login', search: { next: safeNext(href) } });
  if (me.must_change_password) throw redirect({ to: '/password' });
  if (owesSecondFactor(me)) throw redirect({ to: '/second-factor' });
}

export async function guardPassword(): Promise<void> {
  if (!(await restoreSession())) throw redirect({ to: '/login' });
}

export async function guardSecondFactor(): Promise<void> {
  const me = await restoreSession();
  if (!me) throw redirect({ to: '/login' });
  if (me.must_change_password) throw redirect({ to: '/password' });
}

export async function guardLogin(next: string | undefined): Promise<void> {
  if (await restoreSession().catch(() => null)) throw redirect({ to: safeNext(next) ?? '/' });
}
