import { HttpResponse, http } from 'msw';
import type { Answer } from '@/api/client';
import { sampleBranch, sampleCardholder, sampleMe, sampleSpending } from './samples';

type Me = Answer<'/api/v1/me', 'get'>;

const at = (path: string) => `*/api/v1${path}`;
const page = (items: unknown[]) => ({ items, next: null });

/** A refusal as the server words it. */
export function problem(status: number, code: string, more: object = {}) {
  const body = {
    type: 'about:blank',
    title: code,
    status,
    code,
    trace_id: 'trace-1',
    params: {},
    errors: [],
    ...more,
  };
  return HttpResponse.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}

/** A bank with one branch and one cardholder: what every page asks for before a test asks for something else. */
export function bank(me: Partial<Me> = {}) {
  const who = { ...sampleMe, ...me };
  const signedIn = {
    access_token: 'token-1',
    expires_in: 900,
    must_change_password: who.must_change_password,
  };
  const one = `/cardholders/${sampleCardholder.cardholder_id}`;
  return [
    http.post(at('/auth/login'), () => HttpResponse.json(signedIn)),
    http.post(at('/auth/refresh'), () => HttpResponse.json(signedIn)),
    http.post(at('/auth/logout'), () => new HttpResponse(null, { status: 204 })),
    http.get(at('/me'), () => HttpResponse.json(who)),
    // Nothing happens in this bank by itself.
    http.get(at('/events'), () => new HttpResponse(null, { status: 503 })),
    http.get(at('/workbench'), () =>
      HttpResponse.json({ business_on: who.business_on, cards: [], lists: [] }),
    ),
    http.get(at('/branches'), () => HttpResponse.json({ items: [sampleBranch] })),
    http.get(at('/staff/managers'), () => HttpResponse.json({ items: [] })),
    http.get(at('/saved_views'), () => HttpResponse.json({ items: [] })),
    http.get(at('/approvals'), () => HttpResponse.json(page([]))),
    http.get(at('/cardholders'), () => HttpResponse.json({ ...page([sampleCardholder]), count: 1 })),
    http.get(at(one), () => HttpResponse.json(sampleCardholder)),
    http.get(at(`${one}/contacts`), () =>
      HttpResponse.json(
        { phones: [], emails: [], addresses: [], withheld: [] },
        { headers: { ETag: `"${sampleCardholder.version}"` } },
      ),
    ),
    http.get(at(`${one}/spending`), () => HttpResponse.json(sampleSpending)),
    http.get(at(`${one}/:list`), () => HttpResponse.json(page([]))),
  ];
}
