import { lazyRouteComponent } from '@tanstack/react-router';
import { withWords } from '@/lib/i18n';
import { parseStaffSearch } from './search';

export const staffRoute = {
  path: '/staff',
  validateSearch: parseStaffSearch,
  staticData: { permission: 'staff:read' },
  component: lazyRouteComponent(() => withWords('organisation', () => import('./staff.page')), 'StaffPage'),
} as const;
