import { call, http, ifMatch } from '@/api/client';
import type { Contacts } from './queries';

export type What = 'phone' | 'email' | 'address';
export type ContactPatch = { is_primary?: boolean; is_verified?: boolean; evidence_note?: string };

/** Contacts change against the version of the cardholder they belong to. */
export interface ContactOwner {
  cardholder_id: string;
  version: number;
}

/** One line of the panel, whatever it is a line of. */
export interface ContactLine {
  what: What;
  id: string;
  kind: string;
  is_primary: boolean;
  verified_at: string | null;
  country?: string;
  text: string;
  /** Kept under the cardholder, or brought along by a record that was merged into theirs. */
  cardholder_id: string;
  /** The part of the text that the server has masked; null where there is none. */
  masked: string | null;
}

/** Primary ones first within each kind of contact. */
export function contactLines(contacts: Contacts): ContactLine[] {
  const lines: ContactLine[] = [
    ...contacts.phones.map(
      (phone): ContactLine => ({
        ...phone,
        what: 'phone',
        id: phone.phone_id,
        text: phone.number_masked,
        masked: phone.number_masked,
      }),
    ),
    ...contacts.emails.map(
      (email): ContactLine => ({
        ...email,
        what: 'email',
        id: email.email_id,
        text: email.address_masked,
        masked: email.address_masked,
      }),
    ),
    ...contacts.addresses.map(
      (address): ContactLine => ({
        ...address,
        what: 'address',
        id: address.address_id,
        masked: address.street_masked,
        text: [address.province, address.city, address.district, address.street_masked, address.postcode]
          .filter(Boolean)
          .join(' '),
      }),
    ),
  ];
  const order: What[] = ['phone', 'email', 'address'];
  return lines.sort(
    (a, b) => order.indexOf(a.what) - order.indexOf(b.what) || Number(b.is_primary) - Number(a.is_primary),
  );
}

export function patchContact(owner: ContactOwner, line: ContactLine, body: ContactPatch): Promise<unknown> {
  const { cardholder_id, version } = owner;
  const header = ifMatch(version);
  const { id } = line;
  switch (line.what) {
    case 'phone':
      return call(
        http.PATCH('/api/v1/cardholders/{cardholder_id}/phones/{phone_id}', {
          params: { path: { cardholder_id, phone_id: id }, header },
          body,
        }),
      );
    case 'email':
      return call(
        http.PATCH('/api/v1/cardholders/{cardholder_id}/emails/{email_id}', {
          params: { path: { cardholder_id, email_id: id }, header },
          body,
        }),
      );
    case 'address':
      return call(
        http.PATCH('/api/v1/cardholders/{cardholder_id}/addresses/{address_id}', {
          params: { path: { cardholder_id, address_id: id }, header },
          body,
        }),
      );
  }
}

export function removeContact(owner: ContactOwner, line: ContactLine): Promise<unknown> {
  const { cardholder_id, version } = owner;
  const header = ifMatch(version);
  const { id } = line;
  switch (line.what) {
    case 'phone':
      return call(
        http.DELETE('/api/v1/cardholders/{cardholder_id}/phones/{phone_id}', {
          params: { path: { cardholder_id, phone_id: id }, header },
        }),
      );
    case 'email':
      return call(
        http.DELETE('/api/v1/cardholders/{cardholder_id}/emails/{email_id}', {
          params: { path: { cardholder_id, email_id: id }, header },
        }),
      );
    case 'address':
      return call(
        http.DELETE('/api/v1/cardholders/{cardholder_id}/addresses/{address_id}', {
          params: { path: { cardholder_id, address_id: id }, header },
        }),
      );
  }
}
