import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';

export const importsRoute = {
  path: '/imports',
  staticData: { permission: 'imports:write' },
  component: lazyRouteComponent(() => withWords('imports', () => import('./imports.page')), 'ImportsPage'),
} as const;

export const importRoute = {
  path: '/imports/$import_id',
  staticData: { permission: 'imports:write' },
  component: lazyRouteComponent(() => withWords('imports', () => import('./import.page')), 'ImportPage'),
} as const;
