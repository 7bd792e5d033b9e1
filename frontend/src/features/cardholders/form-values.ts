import { editable, parseMinor } from '@/lib/money';
import { withoutEmpty } from '@/lib/url-state';
import type { Cardholder, CardholderPatch, NewAddress, NewCardholder, NewEmail, NewPhone } from './queries';

/** What the profile form holds: the API's field names, with income as typed. */
export interface ProfileValues {
  name?: string;
  name_pinyin?: string;
  gender?: Cardholder['gender'];
  birth_on?: string | null;
  id_kind?: Cardholder['id_kind'];
  national_id?: string;
  nationality?: string;
  occupation?: string;
  employer?: string;
  education?: Cardholder['education'];
  marital_status?: Cardholder['marital_status'];
  yearly_income_minor?: string;
  yearly_income_currency?: string;
  branch_id?: string;
  manager_id?: string | null;
}

export interface CreateValues extends ProfileValues {
  lifecycle?: NewCardholder['lifecycle'];
  phones?: Partial<NewPhone>[];
  emails?: Partial<NewEmail>[];
  addresses?: Partial<NewAddress>[];
}

type Profile = Omit<CardholderPatch, 'national_id'>;

const text = (value: string | null | undefined): string | null => value?.trim() || null;

const PROFILE_KEYS = [
  'name',
  'name_pinyin',
  'gender',
  'birth_on',
  'id_kind',
  'nationality',
  'occupation',
  'employer',
  'education',
  'marital_status',
  'yearly_income_minor',
  'yearly_income_currency',
  'branch_id',
  'manager_id',
] as const satisfies readonly (keyof Profile)[];

export function toForm(cardholder: Cardholder): ProfileValues {
  const { yearly_income_minor: income, yearly_income_currency: currency } = cardholder;
  return {
    name: cardholder.name ?? undefined,
    name_pinyin: cardholder.name_pinyin ?? undefined,
    gender: cardholder.gender ?? undefined,
    birth_on: cardholder.birth_on,
    id_kind: cardholder.id_kind ?? undefined,
    nationality: cardholder.nationality ?? undefined,
    occupation: cardholder.occupation ?? undefined,
    employer: cardholder.employer ?? undefined,
    education: cardholder.education ?? undefined,
    marital_status: cardholder.marital_status ?? undefined,
    yearly_income_minor: income !== null && currency ? editable(income, currency) : undefined,
    yearly_income_currency: currency ?? 'CNY',
    branch_id: cardholder.branch_id,
    manager_id: cardholder.manager_id ?? undefined,
  };
}

/** Every profile field as the API takes it; an empty input is an absent value. */
export function toProfile(values: ProfileValues): Profile {
  const currency = values.yearly_income_currency ?? 'CNY';
  const income = values.yearly_income_minor ? parseMinor(values.yearly_income_minor, currency) : null;
  return {
    name: text(values.name),
    name_pinyin: text(values.name_pinyin),
    gender: values.gender ?? null,
    birth_on: values.birth_on ?? null,
    id_kind: values.id_kind ?? null,
    nationality: text(values.nationality),
    occupation: text(values.occupation),
    employer: text(values.employer),
    education: values.education ?? null,
    marital_status: values.marital_status ?? null,
    yearly_income_minor: income,
    yearly_income_currency: income === null ? null : currency,
    branch_id: values.branch_id ?? null,
    manager_id: values.manager_id ?? null,
  };
}

/** Only what differs from the record the form was opened with; a number only when a new one was typed. */
export function toPatch(values: ProfileValues, base: Cardholder): CardholderPatch {
  const now = toProfile(values);
  const changed = PROFILE_KEYS.filter(
    (key) => !base.withheld.includes(key) && now[key] !== (base[key] ?? null),
  );
  const patch: CardholderPatch = Object.fromEntries(changed.map((key) => [key, now[key]]));
  // The amount means nothing without its currency: they travel together.
  if (changed.includes('yearly_income_minor') || changed.includes('yearly_income_currency')) {
    patch.yearly_income_minor = now.yearly_income_minor;
    patch.yearly_income_currency = now.yearly_income_currency;
  }
  const national_id = text(values.national_id);
  return national_id ? { ...patch, id_kind: values.id_kind ?? null, national_id } : patch;
}

/** Who somebody is: what changes of it, once it is known, waits for an approval, and together with nothing else. */
const IDENTITY = ['name', 'name_pinyin', 'gender', 'birth_on', 'id_kind', 'national_id'] as const;

/** A patch cut in two where part of it has to wait for an approval. */
export function splitPatch(
  patch: CardholderPatch,
  base: Cardholder,
): { guarded: CardholderPatch | null; rest: CardholderPatch } {
  const isGuarded =
    ('name' in patch && base.name !== null) || ('national_id' in patch && base.national_id_masked !== null);
  if (!isGuarded) return { guarded: null, rest: patch };
  const isIdentity = ([key]: [string, unknown]) => (IDENTITY as readonly string[]).includes(key);
  const entries = Object.entries(patch);
  return {
    guarded: Object.fromEntries(entries.filter(isIdentity)),
    rest: Object.fromEntries(entries.filter((entry) => !isIdentity(entry))),
  };
}

export function toNew(values: CreateValues, duplicate_override_reason?: string): NewCardholder {
  const contacts = <T extends object>(rows: T[] | undefined) =>
    (rows ?? []).map((row) => ({
      ...withoutEmpty(row),
      is_primary: 'is_primary' in row && row.is_primary === true,
    }));
  const { branch_id, ...profile } = toProfile(values);
  return {
    ...(withoutEmpty(profile) as Profile),
    branch_id: branch_id ?? '',
    lifecycle: values.lifecycle,
    ...withoutEmpty({ national_id: text(values.national_id), duplicate_override_reason }),
    phones: contacts(values.phones) as NewPhone[],
    emails: contacts(values.emails) as NewEmail[],
    addresses: contacts(values.addresses) as NewAddress[],
  };
}

export interface Difference {
  field: keyof Cardholder;
  theirs: string | null;
  /** Absent when this form leaves the field alone. */
  mine: string | null | undefined;
}

const shown = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

/** After a 412: what somebody else changed meanwhile, beside what this form would write there. */
export function differences(base: Cardholder, latest: Cardholder, patch: CardholderPatch): Difference[] {
  const fields: (keyof Cardholder)[] = [...PROFILE_KEYS, 'national_id_masked', 'lifecycle'];
  return fields
    .filter((field) => shown(base[field]) !== shown(latest[field]))
    .map((field) => ({
      field,
      theirs: shown(latest[field]),
      mine: field in patch ? shown(patch[field as keyof CardholderPatch]) : undefined,
    }));
}
