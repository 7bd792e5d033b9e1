import { lazyRouteComponent } from '@tanstack/react-router';

export const workbenchRoute = {
  path: '/',
  component: lazyRouteComponent(() => import('./workbench.page'), 'WorkbenchPage'),
} as const;
