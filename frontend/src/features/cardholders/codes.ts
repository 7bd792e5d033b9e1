import type { Tone } from '@/ui/pill';
import type { Cardholder, Contacts, Lifecycle } from './queries';

/** The server's codes in the order a person expects them; the types say that none is misspelt. */
export const LIFECYCLES = [
  'prospect',
  'active',
  'dormant',
  'closed',
  'deceased',
] as const satisfies readonly Lifecycle[];
/** The greatest age, in years, that the server's filter takes. */
export const AGE_MAX = 130;
/** The longest text, in characters, that the server searches for. */
export const SEARCH_MAX = 80;
export const GENDERS = ['female', 'male'] as const satisfies readonly NonNullable<Cardholder['gender']>[];
export const ID_KINDS = [
  'resident_id',
  'passport',
  'hk_macau_permit',
  'taiwan_permit',
  'foreign_permanent_id',
  'other',
] as const satisfies readonly NonNullable<Cardholder['id_kind']>[];
export const EDUCATIONS = [
  'primary',
  'middle_school',
  'high_school',
  'junior_college',
  'university',
  'graduate_school',
  'other',
] as const satisfies readonly NonNullable<Cardholder['education']>[];
export const MARITAL_STATUSES = [
  'single',
  'married',
  'divorced',
  'widowed',
  'other',
] as const satisfies readonly NonNullable<Cardholder['marital_status']>[];
export const PHONE_KINDS = [
  'mobile',
  'home',
  'work',
  'other',
] as const satisfies readonly Contacts['phones'][number]['kind'][];
export const EMAIL_KINDS = [
  'personal',
  'work',
  'other',
] as const satisfies readonly Contacts['emails'][number]['kind'][];
export const ADDRESS_KINDS = [
  'home',
  'work',
  'mailing',
  'registered',
  'other',
] as const satisfies readonly Contacts['addresses'][number]['kind'][];
export const PRODUCT_KINDS = ['credit_card', 'savings', 'current', 'loan', 'deposit'] as const;
export const SORTS = ['-opened_on', 'opened_on', 'customer_no', 'name_pinyin'] as const;

export const LIFECYCLE_TONES: Record<Lifecycle, Tone> = {
  prospect: 'primary',
  active: 'ok',
  dormant: 'warn',
  closed: 'plain',
  deceased: 'slate',
};

/** Which states a cardholder may be moved to; the server decides again. */
export const NEXT_LIFECYCLES: Record<Lifecycle, readonly Lifecycle[]> = {
  prospect: ['active', 'closed', 'deceased'],
  active: ['dormant', 'closed', 'deceased'],
  dormant: ['active', 'closed', 'deceased'],
  closed: ['active', 'deceased'],
  deceased: [],
};

export const mayChangeLifecycle = (lifecycle: Lifecycle): boolean => NEXT_LIFECYCLES[lifecycle].length > 0;
