import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { server } from '@/test/setup-dom';
import { refresh } from './token';

it('asks for a lost answer under the same name, and gives the next exchange another', async () => {
  const attempts: (string | null)[] = [];
  const signedIn = { access_token: 'a', expires_in: 900, must_change_password: false };
  server.use(
    http.post('*/api/v1/auth/refresh', ({ request }) => {
      attempts.push(request.headers.get('Refresh-Attempt'));
      return attempts.length === 1 ? HttpResponse.error() : HttpResponse.json(signedIn);
    }),
  );
  await expect(refresh()).rejects.toThrow();
  expect(await refresh()).toBe(true);
  expect(await refresh()).toBe(true);
  expect(attempts[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(attempts[1]).toBe(attempts[0]);
  expect(attempts[2]).not.toBe(attempts[0]);
});
