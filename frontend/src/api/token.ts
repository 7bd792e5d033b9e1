import { idleHeader } from '@/lib/idle-clock';
import { currentLang } from '@/lib/prefs';
import { Problem } from './problem';
import type { paths } from './schema.gen';

export type SignedIn = paths['/api/v1/auth/login']['post']['responses'][200]['content']['application/json'];

/** Refreshed this long before it ends, so that no request starts with a token that dies on the way. */
const EARLY_MS = 20_000;

// The access token lives here and nowhere else: never in a store that outlives the page.
let access: { token: string; ends_at: number } | null = null;
let refreshing: Promise<boolean> | null = null;

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('cardea.session');

export function keep(signed: SignedIn): void {
  access = { token: signed.access_token, ends_at: Date.now() + signed.expires_in * 1000 };
}

export function forget(): void {
  access = null;
}

/** Signing out in one tab signs out the others. */
export function announceSignOut(): void {
  channel?.postMessage('signed_out');
}
export function onSignedOutElsewhere(act: () => void): void {
  channel?.addEventListener('message', (event) => {
    if (event.data === 'signed_out') act();
  });
}

export async function postAuth(
  path: 'login' | 'login/second_factor' | 'refresh' | 'logout',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  try {
    return await globalThis.fetch(new URL(`/api/v1/auth/${path}`, location.origin), {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'Accept-Language': currentLang(),
        ...idleHeader(),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw Problem.unreachable();
  }
}

/** The refresh under way. A page that is left never sees its answer; the next one asks for the same answer again. */
const ATTEMPT = 'cardea.refresh_attempt';

function attempt(): string {
  const pending = localStorage.getItem(ATTEMPT);
  if (pending) return pending;
  // Not `randomUUID`, which plain HTTP in a branch's own network does not have.
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  localStorage.setItem(ATTEMPT, fresh.join(''));
  return fresh.join('');
}

async function rotate(): Promise<boolean> {
  const response = await postAuth('refresh', undefined, { 'Refresh-Attempt': attempt() });
  if (response.ok || response.status === 401) localStorage.removeItem(ATTEMPT);
  if (response.ok) {
    keep((await response.json()) as SignedIn);
    return true;
  }
  if (response.status === 401) {
    forget();
    return false;
  }
  throw Problem.from(response, await response.json().catch(() => null));
}

/**
 * Turns the cookie into a fresh access token; false when the session is over. One at a time, in this tab and
 * across tabs: two tabs sending the same rotating cookie would look like a stolen one and end the session.
 */
export function refresh(): Promise<boolean> {
  refreshing ??= (
    navigator.locks ? navigator.locks.request('cardea.refresh', rotate).then((alive) => alive) : rotate()
  ).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** A token good for one more request, or null when nobody is signed in. */
export async function currentToken(): Promise<string | null> {
  if (!access) return null;
  if (access.ends_at - Date.now() < EARLY_MS) await refresh();
  return access?.token ?? null;
}
