import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';

export const keysRoute = {
  path: '/keys',
  staticData: { permission: 'keys:read' },
  component: lazyRouteComponent(() => withWords('system', () => import('./keys.page')), 'KeysPage'),
} as const;
