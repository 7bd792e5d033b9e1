import { queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http, ifMatch, type Query } from '@/api/client';

export type ConsentSheet = Answer<'/api/v1/cardholders/{cardholder_id}/consents', 'get'>;
export type Consent = ConsentSheet['history'][number];
export type ConsentText = Answer<'/api/v1/consent_texts', 'get'>['items'][number];
export type NewConsentText = Body<'/api/v1/consent_texts', 'post'>;
export type ConsentGrant = Body<'/api/v1/cardholders/{cardholder_id}/consents', 'post'>;
export type Wishes = ConsentSheet['preferences'];
export type WishesPatch = Body<'/api/v1/cardholders/{cardholder_id}/contact_preferences', 'patch'>;
export type ConsentPurpose = Consent['purpose'];
export type ContactChannel = Consent['channel'];
export type ContactQuestion = Query<'/api/v1/cardholders/{cardholder_id}/contact-decision', 'get'>;

export const PURPOSES: ConsentPurpose[] = ['marketing', 'personalised_offers', 'research', 'data_sharing'];
export const CHANNELS: ContactChannel[] = ['phone', 'sms', 'email', 'app', 'post'];
export const EVIDENCE: Consent['evidence'][] = [
  'at_the_counter',
  'signed_form',
  'recorded_call',
  'online_form',
  'letter',
];
export const CONTACT_PURPOSES: ContactQuestion['purpose'][] = [
  'service',
  'marketing',
  'personalised_offers',
  'research',
  'collection',
  'security',
  'legal_notice',
];

/** What a purpose can be agreed to by. */
export const channelsOf = (purpose: ConsentPurpose): ContactChannel[] =>
  purpose === 'data_sharing' ? ['partner'] : CHANNELS;

export const consentsQuery = (cardholder_id: string) =>
  queryOptions({
    queryKey: ['consents', cardholder_id],
    queryFn: ({ signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/consents', {
          params: { path: { cardholder_id } },
          signal,
        }),
      ),
  });

export const consentTextsQuery = queryOptions({
  queryKey: ['consent_texts'],
  queryFn: async ({ signal }) => (await call(http.GET('/api/v1/consent_texts', { signal }))).items,
});

export const publishText = (body: NewConsentText): Promise<ConsentText> =>
  call(http.POST('/api/v1/consent_texts', { body }));

export const contactDecisionQuery = (cardholder_id: string, question: ContactQuestion) =>
  queryOptions({
    queryKey: ['consents', cardholder_id, 'decision', question],
    queryFn: ({ signal }) =>
      call(
        http.GET('/api/v1/cardholders/{cardholder_id}/contact-decision', {
          params: { path: { cardholder_id }, query: question },
          signal,
        }),
      ),
    // The answer depends on the hour.
    staleTime: 0,
  });

export const grant = (cardholder_id: string, body: ConsentGrant): Promise<ConsentSheet> =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/consents', { params: { path: { cardholder_id } }, body }),
  );

export const withdraw = (
  cardholder_id: string,
  body: Body<'/api/v1/cardholders/{cardholder_id}/consents/withdraw', 'post'>,
): Promise<ConsentSheet> =>
  call(
    http.POST('/api/v1/cardholders/{cardholder_id}/consents/withdraw', {
      params: { path: { cardholder_id } },
      body,
    }),
  );

export const changeWishes = (cardholder_id: string, version: number, body: WishesPatch): Promise<Wishes> =>
  call(
    http.PATCH('/api/v1/cardholders/{cardholder_id}/contact_preferences', {
      params: { path: { cardholder_id }, header: ifMatch(version) },
      body,
    }),
  );

/** The version of a purpose that is in force. */
export const textInForce = (texts: ConsentText[], purpose: ConsentPurpose): ConsentText | undefined =>
  texts.find((text) => text.purpose === purpose);
