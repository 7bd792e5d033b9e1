import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import { server } from '@/test/setup-dom';
import { follow } from './events';

it('asks for everything anew where its first stream begins, and for what it missed where the next one does', async () => {
  const seen: (string | null)[] = [];
  server.use(
    http.get('*/api/v1/events', ({ request }) => {
      seen.push(request.headers.get('Last-Event-ID'));
      const text = seen.length === 1 ? 'id: 7\n: begun\n\n' : 'id: 8\nevent: job\ndata: {}\n\n';
      return new HttpResponse(text, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
  );
  const told: string[] = [];
  const open = new AbortController();
  const done = follow(open.signal, ({ kind }) => told.push(kind));
  await vi.waitUntil(() => told.includes('job'), { timeout: 10_000 });
  open.abort();
  await done;
  expect(told.slice(0, 2)).toEqual(['reset', 'job']);
  expect(seen.slice(0, 2)).toEqual([null, '7']);
});
