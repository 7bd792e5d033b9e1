import { lazyRouteComponent } from '@tanstack/react-router';
import { parseBreakGlassSearch } from './search';

export const breakGlassRoute = {
  path: '/break_glass',
  validateSearch: parseBreakGlassSearch,
  staticData: { permission: 'break_glass:read' },
  component: lazyRouteComponent(() => import('./break-glass.page'), 'BreakGlassPage'),
} as const;
