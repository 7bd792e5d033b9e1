import { lazyRouteComponent } from '@tanstack/react-router';
import { parseStaffSearch } from './search';

export const staffRoute = {
  path: '/staff',
  validateSearch: parseStaffSearch,
  staticData: { permission: 'staff:read' },
  component: lazyRouteComponent(() => import('./staff.page'), 'StaffPage'),
} as const;
