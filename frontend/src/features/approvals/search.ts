import type { ApprovalOperation, ApprovalStatus } from './queries';

export const APPROVAL_STATUSES = [
  'pending',
  'approved',
  'executed',
  'failed',
  'rejected',
  'withdrawn',
  'expired',
  'stale',
] as const satisfies readonly ApprovalStatus[];

export const APPROVAL_OPERATIONS = [
  'cardholders.change_name',
  'cardholders.change_national_id',
  'cardholders.change_primary_phone',
  'staff.change_role',
  'exports.run',
  'cardholders.erase',
  'cardholders.merge',
] as const satisfies readonly ApprovalOperation[];

export const APPROVAL_SHARES = ['to_decide', 'mine', 'all'] as const;
export type ApprovalShare = (typeof APPROVAL_SHARES)[number];

export interface ApprovalsSearch {
  share?: ApprovalShare;
  status?: ApprovalStatus;
  operation?: ApprovalOperation;
}
