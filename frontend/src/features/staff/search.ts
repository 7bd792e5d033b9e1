import { searchId, searchOneOf, searchText, withoutEmpty } from '@/lib/url-state';
import type { Staff, StaffFilter } from './queries';

/** The longest text, in characters, that the server searches for. */
export const SEARCH_MAX = 40;
export const ROLES = [
  'teller',
  'relationship_manager',
  'service_agent',
  'branch_manager',
  'risk_officer',
  'risk_manager',
  'marketer',
  'marketing_manager',
  'auditor',
  'admin',
] as const satisfies readonly Staff['role'][];
export const SCOPES = ['self', 'branch', 'sub_tree', 'bank'] as const satisfies readonly Staff['scope'][];

export interface StaffSearch {
  q?: string;
  branch_id?: string;
  role?: Staff['role'];
  is_active?: 'true' | 'false';
}

export const parseStaffSearch = (raw: Record<string, unknown>): StaffSearch =>
  withoutEmpty({
    q: searchText(raw, 'q'),
    branch_id: searchId(raw, 'branch_id'),
    role: searchOneOf(raw, 'role', ROLES),
    is_active: searchOneOf(raw, 'is_active', ['true', 'false'] as const),
  });

export const toStaffFilter = ({ is_active, ...rest }: StaffSearch): StaffFilter =>
  withoutEmpty({ ...rest, is_active: is_active === undefined ? undefined : is_active === 'true' });
