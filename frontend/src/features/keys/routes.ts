import { lazyRouteComponent } from '@tanstack/react-router';

export const keysRoute = {
  path: '/keys',
  staticData: { permission: 'keys:read' },
  component: lazyRouteComponent(() => import('./keys.page'), 'KeysPage'),
} as const;
