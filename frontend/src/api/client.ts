import createClient from 'openapi-fetch';
import { idleHeader } from '@/lib/idle-clock';
import { currentLang } from '@/lib/prefs';
import { Problem } from './problem';
import type { paths } from './schema.gen';
import { askStepUp, STEP_UP_REQUIRED } from './step-up';
import { currentToken, refresh } from './token';

let onSessionEnded: () => void = () => undefined;
/** Called once the server no longer knows the session; `session.ts` sets it. */
export function whenSessionEnds(act: () => void): void {
  onSessionEnded = act;
}

async function send(request: Request, token: string | null): Promise<Response> {
  const authorised = new Request(request);
  if (token) authorised.headers.set('Authorization', `Bearer ${token}`);
  authorised.headers.set('Accept-Language', currentLang());
  for (const [name, value] of Object.entries(idleHeader())) authorised.headers.set(name, value);
  try {
    return await globalThis.fetch(authorised);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.unreachable();
  }
}

/** How somebody must prove to be themselves before this request; null where that was not the reason. */
async function stepUpOf(response: Response): Promise<'password' | 'code' | null> {
  if (response.status !== 403) return null;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const problem = Problem.from(response, body);
  if (problem.code !== STEP_UP_REQUIRED) return null;
  const { methods } = problem.params;
  return Array.isArray(methods) && methods.includes('code') ? 'code' : 'password';
}

/** Where the server asks for a proof once more, asks for it and repeats the request once. */
async function provenFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await authorisedFetch(request);
  const by = await stepUpOf(response);
  if (!by || !(await askStepUp(by))) return response;
  return authorisedFetch(again);
}

/** Adds the token; an answer 401 refreshes it and asks once more with a copy of the request. */
async function authorisedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await send(request, await currentToken());
  if (response.status !== 401) return response;
  if (await refresh()) return send(again, await currentToken());
  onSessionEnded();
  return response;
}

export const http = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: provenFetch,
});

/**
 * The document calls a field that may be null optional; the server always sends it. In an answer a field is
 * therefore there, if only as null.
 */
type Present<T> = T extends readonly (infer U)[]
  ? Present<U>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { [K in keyof T]-?: Present<Exclude<T[K], undefined>> }
    : T;

interface Settled {
  data?: unknown;
  error?: unknown;
  response: Response;
}
type Data<R extends Settled> = [R['data']] extends [undefined]
  ? undefined
  : Present<Exclude<R['data'], undefined>>;

/** The answer's body, or the thrown `Problem`. */
export async function call<R extends Settled>(answer: Promise<R>): Promise<Data<R>> {
  return bodyOf(await answer);
}

function bodyOf<R extends Settled>({ data, error, response }: R): Data<R> {
  if (!response.ok) throw Problem.from(response, error);
  return data as Data<R>;
}

export interface TaggedAnswer<T> {
  data: T;
  /** The version that the answer's ETag names, to change the resource against. */
  version: number;
}

export async function callTagged<R extends Settled>(answer: Promise<R>): Promise<TaggedAnswer<Data<R>>> {
  const settled = await answer;
  const tag = settled.response.headers.get('ETag') ?? '';
  return { data: bodyOf(settled), version: Number(tag.replaceAll(/\D/g, '')) };
}

/** The header that says which state of a resource a change was made against. */
export const ifMatch = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Operation<P extends keyof paths, M extends keyof paths[P]> = paths[P][M];

/** What an operation answers when it succeeds: `Answer<'/api/v1/me', 'get'>`. */
export type Answer<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { responses: infer R } ? Present<Json<R[keyof R & (200 | 201 | 202)]>> : never;

/** What an operation takes. */
export type Body<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { requestBody: infer B } ? Json<B> : never;

/** The query parameters of an operation. */
export type Query<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
