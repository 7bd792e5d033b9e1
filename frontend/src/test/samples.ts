import type { Branch } from '@/api/reference';
import type { Me } from '@/api/session';
import type { Cardholder } from '@/features/cardholders/queries';
import type { Spending } from '@/features/transactions/queries';

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
  must_change_password: false,
  business_on: '2026-11-20',
};

export const sampleSpending: Spending = {
  currency: 'CNY',
  currencies: [],
  as_of: '2026-11-20',
  months: [],
  categories: [],
  channels: [],
  out_count: 0,
  average_ticket_minor: null,
  last_activity_at: null,
  withheld: [],
};
