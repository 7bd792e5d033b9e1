import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';

export const workbenchRoute = {
  path: '/',
  component: lazyRouteComponent(() => withWords('system', () => import('./workbench.page')), 'WorkbenchPage'),
} as const;
