import {
  Building2,
  CalendarClock,
  ChartColumn,
  Download,
  FileInput,
  FileSignature,
  Grid3x3,
  Inbox,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Radar,
  Scale,
  ScrollText,
  Siren,
  Stamp,
  UserCog,
  UsersRound,
} from 'lucide-react';
import type { Permission } from '@/api/session';

export interface MenuItem {
  key:
    | 'workbench'
    | 'inbox'
    | 'approvals'
    | 'cardholders'
    | 'break_glass'
    | 'subject_requests'
    | 'consent_texts'
    | 'statistics'
    | 'exports'
    | 'imports'
    | 'staff'
    | 'branches'
    | 'access'
    | 'jobs'
    | 'keys'
    | 'retention'
    | 'audit'
    | 'anomalies';
  to:
    | '/'
    | '/inbox'
    | '/approvals'
    | '/cardholders'
    | '/break_glass'
    | '/subject_requests'
    | '/consent_texts'
    | '/statistics'
    | '/exports'
    | '/imports'
    | '/staff'
    | '/branches'
    | '/access'
    | '/jobs'
    | '/keys'
    | '/retention'
    | '/audit'
    | '/anomalies';
  icon: LucideIcon;
  permission?: Permission;
  /** Shows how much waits there. */
  is_queue?: boolean;
  /** On a phone it stays in the menu: what waits there is in the inbox too. */
  is_off_tab_bar?: boolean;
}

export interface MenuGroup {
  key: 'work' | 'customers' | 'organisation' | 'system';
  items: MenuItem[];
}

const MENU: MenuGroup[] = [
  {
    key: 'work',
    items: [
      { key: 'workbench', to: '/', icon: LayoutDashboard },
      { key: 'inbox', to: '/inbox', icon: Inbox, permission: 'work_items:write', is_queue: true },
      { key: 'approvals', to: '/approvals', icon: Stamp, permission: 'approvals:read', is_off_tab_bar: true },
    ],
  },
  {
    key: 'customers',
    items: [
      { key: 'cardholders', to: '/cardholders', icon: UsersRound, permission: 'cardholders:read' },
      { key: 'break_glass', to: '/break_glass', icon: Siren, permission: 'break_glass:read' },
      {
        key: 'subject_requests',
        to: '/subject_requests',
        icon: Scale,
        permission: 'subject_requests:read',
        is_off_tab_bar: true,
      },
      {
        key: 'consent_texts',
        to: '/consent_texts',
        icon: FileSignature,
        permission: 'consent_texts:write',
        is_off_tab_bar: true,
      },
      {
        key: 'statistics',
        to: '/statistics',
        icon: ChartColumn,
        permission: 'statistics:read',
        is_off_tab_bar: true,
      },
      { key: 'exports', to: '/exports', icon: Download, permission: 'exports:run', is_off_tab_bar: true },
      { key: 'imports', to: '/imports', icon: FileInput, permission: 'imports:write', is_off_tab_bar: true },
    ],
  },
  {
    key: 'organisation',
    items: [
      { key: 'staff', to: '/staff', icon: UserCog, permission: 'staff:read' },
      { key: 'branches', to: '/branches', icon: Building2, permission: 'branches:read' },
      { key: 'access', to: '/access', icon: Grid3x3 },
    ],
  },
  {
    key: 'system',
    items: [
      { key: 'jobs', to: '/jobs', icon: ListChecks, permission: 'jobs:read' },
      { key: 'keys', to: '/keys', icon: KeyRound, permission: 'keys:read' },
      { key: 'retention', to: '/retention', icon: CalendarClock, permission: 'retention:read' },
      { key: 'audit', to: '/audit', icon: ScrollText, permission: 'audit:read' },
      { key: 'anomalies', to: '/anomalies', icon: Radar, permission: 'anomalies:read' },
    ],
  },
];

/** The menu of a role: what it may open, without groups left empty. */
export function menuFor(permissions: readonly Permission[]): MenuGroup[] {
  return MENU.map((group) => ({
    ...group,
    items: group.items.filter((item) => !item.permission || permissions.includes(item.permission)),
  })).filter((group) => group.items.length > 0);
}

/** The page a path belongs to, for the marked entry. */
export const isUnder = (path: string, to: string): boolean =>
  to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
