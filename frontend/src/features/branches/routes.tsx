import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';

export const branchesRoute = {
  path: '/branches',
  staticData: { permission: 'branches:read' },
  component: lazyRouteComponent(
    () => withWords('organisation', () => import('./branches.page')),
    'BranchesPage',
  ),
} as const;
