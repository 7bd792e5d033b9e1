import { idleHeader } from '@/lib/idle-clock';
import { currentLang } from '@/lib/prefs';
import { Problem } from './problem';
import { currentToken, refresh } from './token';

/**
 * A file on its way, in either direction. Not through `http`, which keeps a copy of each request to repeat it:
 * a file can be opened again, a copy of it would fill the memory.
 */
export async function transfer(path: string, init: RequestInit = {}): Promise<Response> {
  let response = await send(path, init);
  if (response.status === 401 && (await refresh())) response = await send(path, init);
  if (!response.ok) throw Problem.from(response, await response.json().catch(() => null));
  return response;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = await currentToken();
  if (token) headers.set('Authorization', `Bearer ${token}`);
  headers.set('Accept-Language', currentLang());
  for (const [name, value] of Object.entries(idleHeader())) headers.set(name, value);
  try {
    return await globalThis.fetch(new URL(path, location.origin), {
      ...init,
      headers,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.unreachable();
  }
}

/** Hands what a path answers to the browser as a file to be kept. */
export async function saveAs(path: string, name: string): Promise<void> {
  const blob = await (await transfer(path)).blob();
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
