import { lazyRouteComponent } from '@tanstack/react-router';
import { searchOneOf, searchText } from '@/lib/url-state';

const NOTICES = ['password_changed', 'ended'] as const;
type Notice = (typeof NOTICES)[number];

export const loginRoute = {
  path: '/login',
  validateSearch: (raw: Record<string, unknown>): { next?: string; notice?: Notice } => ({
    next: searchText(raw, 'next'),
    notice: searchOneOf(raw, 'notice', NOTICES),
  }),
  component: lazyRouteComponent(() => import('./login.page'), 'LoginPage'),
} as const;

export const securityRoute = {
  path: '/security',
  component: lazyRouteComponent(() => import('./security.page'), 'SecurityPage'),
} as const;

export const passwordRoute = {
  path: '/password',
  component: lazyRouteComponent(() => import('./password.page'), 'PasswordPage'),
} as const;
