import { lazyRouteComponent } from '@tanstack/react-router';

export const branchesRoute = {
  path: '/branches',
  staticData: { permission: 'branches:read' },
  component: lazyRouteComponent(() => import('./branches.page'), 'BranchesPage'),
} as const;
