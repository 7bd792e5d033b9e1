import { idleHeader } from '@/lib/idle-clock';
import { currentLang } from '@/lib/prefs';
import { currentToken, refresh } from './token';

export type EventKind = 'job' | 'work_items' | 'reset';

export interface BankEvent {
  kind: EventKind;
  params: Record<string, unknown>;
}

/** Before the next attempt; each further one waits twice as long. */
const RETRY_MS = 2000;
const RETRY_MS_MAX = 60_000;
/** The server says something every 15 seconds. */
const SILENCE_MS = 45_000;

/**
 * Follows the bank's events for as long as `signal` lets it, going on after the last one that was seen. Not an
 * `EventSource`, which can't carry a token in a header.
 */
export async function follow(signal: AbortSignal, tell: (event: BankEvent) => void): Promise<void> {
  let last = '';
  let wait = RETRY_MS;
  while (!signal.aborted) {
    const reached = await listen(last, signal, tell).catch(() => null);
    if (reached === null) {
      await pause(wait, signal);
      wait = Math.min(wait * 2, RETRY_MS_MAX);
    } else {
      last = reached;
      wait = RETRY_MS;
      // A stream ends with its token; the next one begins at once, but never in a hurry.
      await pause(250, signal);
    }
  }
}

/** One stream to its end: the last id that it gave; null where there was none to be had. */
async function listen(
  last: string,
  signal: AbortSignal,
  tell: (event: BankEvent) => void,
): Promise<string | null> {
  const silence = new AbortController();
  const stop = () => silence.abort();
  signal.addEventListener('abort', stop);
  try {
    const answer = await open(last, silence.signal);
    if (!answer.ok || !answer.body) return null;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    return await readAll(reader, last, silence, tell);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function open(last: string, signal: AbortSignal): Promise<Response> {
  const ask = async () => {
    const token = await currentToken();
    const headers = new Headers({
      Accept: 'text/event-stream',
      'Accept-Language': currentLang(),
      ...idleHeader(),
    });
    if (token) headers.set('Authorization', `Bearer ${token}`);
    if (last) headers.set('Last-Event-ID', last);
    return globalThis.fetch(new URL('/api/v1/events?is_waiting=true', location.origin), { headers, signal });
  };
  const answer = await ask();
  return answer.status === 401 && (await refresh()) ? ask() : answer;
}

async function readAll(
  reader: ReadableStreamDefaultReader<string>,
  from: string,
  silence: AbortController,
  tell: (event: BankEvent) => void,
): Promise<string> {
  let text = '';
  let last = from;
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    // A stream that breaks off has told what it told.
    const part = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
    clearTimeout(timer);
    if (part.done) return last;
    text += part.value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const { id, event } = parse(block);
      // What happened after a page was read and before its first stream began is in neither.
      if (id && !last) tell({ kind: 'reset', params: {} });
      if (id) last = id;
      if (event) tell(event);
    }
  }
}

const KINDS: readonly EventKind[] = ['job', 'work_items', 'reset'];

/** One block of the stream; a kind that this page does not know tells it nothing. */
export function parse(block: string): { id: string; event: BankEvent | null } {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? '';
  const kind = KINDS.find((known) => known === field('event'));
  if (!kind) return { id: field('id'), event: null };
  try {
    const params = JSON.parse(field('data') || '{}') as Record<string, unknown>;
    return { id: field('id'), event: { kind, params } };
  } catch {
    return { id: field('id'), event: null };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
