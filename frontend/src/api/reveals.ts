import type { Body } from './client';

export type RevealPurpose = Body<'/api/v1/cardholders/{cardholder_id}/reveal', 'post'>['purpose'];

/** What a sealed value is needed for, shown by itself or in a package. */
export const REVEAL_PURPOSES = [
  'identity_check',
  'call_back',
  'correction_requested',
  'delivery_of_documents',
  'fraud_investigation',
  'collection',
  'legal_request',
] as const satisfies readonly RevealPurpose[];
