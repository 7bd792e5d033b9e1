import type { Branch } from '@/api/reference';
import type { Me } from '@/api/session';
import type { Approval } from '@/features/approvals/queries';
import type { GrantLine } from '@/features/break-glass/queries';
import type { Cardholder } from '@/features/cardholders/queries';
import type { Spending } from '@/features/transactions/queries';
import type { WorkItem } from '@/features/work-items/queries';

/** An invented person, complete enough to be shown and edited. */
export const sampleCardholder: Cardholder = {
  cardholder_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120002',
  customer_no: 'C10028341',
  name: '沈嘉怡',
  name_pinyin: 'shenjiayi',
  name_initials: 'sjy',
  gender: 'female',
  birth_on: '1988-03-14',
  age_years: 38,
  stated_age_years: null,
  stated_age_on: null,
  id_kind: 'resident_id',
  national_id_masked: '000***********2428',
  nationality: 'CN',
  occupation: '会计',
  employer: '云杉贸易有限公司',
  education: 'university',
  marital_status: 'married',
  yearly_income_minor: 18_000_000,
  yearly_income_currency: 'CNY',
  branch_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120010',
  branch_name: '钱江新城支行',
  manager_id: null,
  manager_name: null,
  lifecycle: 'active',
  lifecycle_reason: null,
  opened_on: '2014-06-02',
  source: 'staff',
  version: 3,
  created_at: '2026-01-02T03:04:05Z',
  updated_at: '2026-01-02T03:04:05Z',
  withheld: [],
};

export const sampleBranch: Branch = {
  branch_id: sampleCardholder.branch_id,
  code: '3302',
  name: '钱江新城支行',
  kind: 'branch',
  parent_id: null,
  city: '杭州',
  is_open: true,
  version: 1,
  created_at: '2026-01-02T03:04:05Z',
  updated_at: '2026-01-02T03:04:05Z',
};

export const sampleMe: Me = {
  staff_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120020',
  staff_no: 'T0001',
  name: '何敏',
  role: 'teller',
  scope: 'branch',
  branch_id: sampleBranch.branch_id,
  branch_name: sampleBranch.name,
  permissions: ['cardholders:read', 'cardholders:write', 'branches:read'],
  classes: ['open', 'personal', 'financial'],
  must_change_password: false,
  second_factor_due_at: null,
  second_factor_enrolled_at: null,
  idle_minutes: 15,
  business_on: '2026-11-20',
};

export const sampleGrant: GrantLine = {
  grant_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120030',
  staff_id: sampleMe.staff_id,
  staff_name: sampleMe.name,
  staff_branch_id: sampleMe.branch_id,
  staff_branch_name: sampleMe.branch_name,
  cardholder_id: sampleCardholder.cardholder_id,
  customer_no: sampleCardholder.customer_no,
  branch_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120011',
  branch_name: '西湖支行',
  reason: 'walk_in',
  note: '持卡人在本网点柜台，卡片遗失',
  granted_at: '2026-11-20T02:00:00Z',
  ends_at: '2026-11-20T03:00:00Z',
  verdict: null,
  reviewed_by: null,
  reviewed_at: null,
  review_note: null,
  reviewer_name: null,
  is_reviewable: false,
};

export const sampleWorkItem: WorkItem = {
  kind: 'break_glass_review',
  item_id: sampleGrant.grant_id,
  cardholder_id: sampleGrant.cardholder_id,
  branch_id: sampleBranch.branch_id,
  permission: 'break_glass:review',
  maker_id: sampleGrant.staff_id,
  priority: 2,
  params: { staff_no: 'T0001', reason: 'walk_in', minutes: 60 } as unknown as WorkItem['params'],
  created_at: sampleGrant.granted_at,
  due_at: '2026-11-27T02:00:00Z',
  claimed_by: null,
  claimed_at: null,
};

export const sampleSpending: Spending = {
  currency: 'CNY',
  currencies: [],
  as_of: '2026-11-20',
  is_past: false,
  months: [],
  categories: [],
  channels: [],
  out_count: 0,
  average_ticket_minor: null,
  last_activity_at: null,
  withheld: [],
};

export const sampleApproval: Approval = {
  approval_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120101',
  operation: 'cardholders.change_name',
  status: 'pending',
  object_kind: 'cardholder',
  object_id: sampleCardholder.cardholder_id,
  cardholder_id: sampleCardholder.cardholder_id,
  subject_no: sampleCardholder.customer_no,
  subject_name: sampleCardholder.name,
  branch_id: sampleBranch.branch_id,
  branch_name: sampleBranch.name,
  maker_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120021',
  maker_name: '林静怡',
  evidence_note: '公安机关更名证明已核验',
  approvals_needed: 1,
  approvals_given: 0,
  base_version: 3,
  created_at: '2026-11-02T01:00:00Z',
  expires_at: '2026-11-05T01:00:00Z',
  ended_at: null,
  may_decide: true,
  may_withdraw: false,
};
