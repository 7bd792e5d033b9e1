import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder as sample } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const one = `*/api/v1/cardholders/${sample.cardholder_id}`;
const VALUE = '000101198803142428';
const page = `/cardholders/${sample.cardholder_id}`;

/** A server that shows the number to whoever has proved to be themselves. */
function vault() {
  const seen = { proofs: [] as unknown[], wishes: [] as unknown[] };
  server.use(
    ...bank({ permissions: ['cardholders:read', 'cardholders:reveal', 'branches:read'] }),
    http.post('*/api/v1/auth/step_up', async ({ request }) => {
      const { password } = (await request.json()) as { password: string };
      seen.proofs.push(password);
      return password === 'right'
        ? new HttpResponse(null, { status: 204 })
        : problem(422, 'staff.password_wrong');
    }),
    http.post(`${one}/reveal`, async ({ request }) => {
      seen.wishes.push(await request.json());
      return seen.proofs.includes('right')
        ? HttpResponse.json({ value: VALUE, shown_seconds: 60, left_today: 49 })
        : problem(403, 'staff.step_up_required', { params: { methods: ['password'] } });
    }),
  );
  return seen;
}

async function askForNumber(user: ReturnType<typeof userEvent.setup>) {
  await openApp(page);
  await user.click(await screen.findByRole('button', { name: /^查看完整证件号码/ }, { timeout: 10_000 }));
  const purpose = await screen.findByRole('combobox', { name: '查看目的' });
  // The second time it is still chosen.
  if (screen.queryByText('核对身份') === null) {
    await user.click(purpose);
    await user.click(await screen.findByText('核对身份'));
  }
  await user.click(screen.getByRole('button', { name: /^查\s?看$/ }));
}

async function prove(user: ReturnType<typeof userEvent.setup>, password: string) {
  await user.type(await screen.findByLabelText('密码'), password);
  await user.click(screen.getByRole('button', { name: /^验\s?证$/ }));
}

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});
afterEach(() => vi.useRealTimers());

describe('showing a sealed value', () => {
  it('asks for a purpose and the password, repeats the request once and shows the value', async () => {
    const user = userEvent.setup();
    const seen = vault();
    await askForNumber(user);
    await prove(user, 'wrong');
    expect(await screen.findByText('密码不正确')).toBeInTheDocument();
    expect(screen.queryByText(VALUE)).toBeNull();
    await prove(user, 'right');
    expect(await screen.findByText(VALUE)).toBeInTheDocument();
    expect(seen.wishes).toEqual(Array(2).fill({ field: 'national_id', purpose: 'identity_check' }));
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map((query) => query.state.data),
      ),
    ).not.toContain(VALUE);
    await user.click(screen.getByRole('button', { name: '立即隐藏' }));
    expect(screen.queryByText(VALUE)).toBeNull();
  }, 30_000);

  it('hides it when the window is left, and when its time is up', async () => {
    const user = userEvent.setup();
    vault();
    await askForNumber(user);
    await prove(user, 'right');
    await screen.findByText(VALUE);
    act(() => void dispatchEvent(new Event('blur')));
    expect(screen.queryByText(VALUE)).toBeNull();
    await user.click(screen.getByRole('button', { name: /^查看完整证件号码/ }));
    await user.click(await screen.findByRole('button', { name: /^查\s?看$/ }));
    await screen.findByText(VALUE);
    const later = Date.now() + 61_000;
    vi.spyOn(Date, 'now').mockImplementation(() => later);
    await waitFor(() => expect(screen.queryByText(VALUE)).toBeNull());
    vi.restoreAllMocks();
  }, 30_000);

  it('shows nothing when the password is not given', async () => {
    const user = userEvent.setup();
    const seen = vault();
    await askForNumber(user);
    await screen.findByLabelText('密码');
    await user.click(screen.getAllByRole('button', { name: /^取\s?消$/ }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByLabelText('密码')).toBeNull());
    expect([screen.queryByText(VALUE), seen.wishes.length]).toEqual([null, 1]);
  }, 30_000);
});

it('offers no eye to a role that may not look', async () => {
  server.use(...bank());
  await openApp(page);
  await screen.findByText(sample.national_id_masked as string, {}, { timeout: 10_000 });
  expect(screen.queryByRole('button', { name: /^查看完整/ })).toBeNull();
});
