import { useRef } from 'react';
import { create } from 'zustand';
import { dayOf } from '@/lib/dates';
import { type Answer, call, http, whenSessionEnds } from './client';
import { Problem } from './problem';
import {
  announceSignOut,
  forget,
  keep,
  onSignedOutElsewhere,
  postAuth,
  refresh,
  type SignedIn,
} from './token';

export type Me = Answer<'/api/v1/me', 'get'>;
export type Permission = Me['permissions'][number];
export type FieldClass = Me['classes'][number];

/** Says that this browser may hold a refresh cookie, which no script can see; spares strangers a refused request. */
const MAYBE = 'cardea.maybe_signed_in';

interface Session {
  /** `unknown` until the cookie was tried once. */
  phase: 'unknown' | 'signed_in' | 'signed_out';
  me: Me | null;
  /** The server ended it; nobody signed out. */
  is_expired: boolean;
}

export const useSession = create<Session>()(() => ({ phase: 'unknown', me: null, is_expired: false }));

function end(is_expired: boolean): void {
  forget();
  localStorage.removeItem(MAYBE);
  useSession.setState({ phase: 'signed_out', me: null, is_expired });
}
whenSessionEnds(() => end(true));
onSignedOutElsewhere(() => end(false));

export async function loadMe(): Promise<Me> {
  const me = await call(http.GET('/api/v1/me'));
  useSession.setState({ phase: 'signed_in', me, is_expired: false });
  return me;
}

export const signIn = (staff_no: string, password: string): Promise<Me> =>
  enter('login', { staff_no, password });

/** What stands for the second factor. */
export type Proof = { code: string } | { recovery_code: string };

/** The second half, where the first was refused with a challenge. */
export const signInWithSecondFactor = (challenge: string, proof: Proof): Promise<Me> =>
  enter('login/second_factor', { challenge, ...proof });

async function enter(path: 'login' | 'login/second_factor', body: object): Promise<Me> {
  const response = await postAuth(path, body);
  if (!response.ok) throw Problem.from(response, await response.json().catch(() => null));
  keep((await response.json()) as SignedIn);
  localStorage.setItem(MAYBE, '1');
  return loadMe();
}

/** Who is signed in, from memory or from the cookie; null when nobody is. */
export async function restoreSession(): Promise<Me | null> {
  const { phase, me } = useSession.getState();
  if (phase === 'signed_in') return me;
  if (phase === 'signed_out') return null;
  if (localStorage.getItem(MAYBE) && (await refresh())) return loadMe();
  end(false);
  return null;
}

/** Ends the session here and in the other tabs, whatever the server answers; `is_expired`: nobody asked for it. */
export async function signOut(is_expired = false): Promise<void> {
  await postAuth('logout').catch(() => undefined);
  announceSignOut();
  end(is_expired);
}

/** Whether nothing else is allowed before a second factor is set up. */
export const owesSecondFactor = (me: Me): boolean =>
  me.second_factor_enrolled_at === null &&
  me.second_factor_due_at !== null &&
  new Date(me.second_factor_due_at) <= new Date();

export const can = (permission: Permission): boolean =>
  useSession.getState().me?.permissions.includes(permission) ?? false;
export const useCan = (permission: Permission): boolean =>
  useSession((session) => session.me?.permissions.includes(permission) ?? false);

/** Whether the role is shown fields of this class at all; what it is not shown it is not offered either. */
export const useSees = (kind: FieldClass): boolean =>
  useSession((session) => session.me?.classes.includes(kind) ?? false);

/**
 * The signed-in person, for pages behind the guard. While signing out the last one is kept, so that a page
 * that is about to leave the screen does not fall over.
 */
export function useMe(): Me {
  const me = useSession((session) => session.me);
  const last = useRef(me);
  if (me) last.current = me;
  if (!last.current) throw new Error('a page behind the guard was rendered without a session');
  return last.current;
}

/** The bank's present: the computer's clock, or the end of the business day when that lies elsewhere. */
export function bankNow(): Date {
  const now = new Date();
  const business = useSession.getState().me?.business_on;
  return !business || business === dayOf(now) ? now : new Date(`${business}T23:59:59+08:00`);
}
