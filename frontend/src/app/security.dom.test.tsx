import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signOut, useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const CODES = ['aaaa-bbbb-cccc-dddd', 'eeee-ffff-gggg-hhhh'];
const session = (session_id: string, more: object = {}) => ({
  session_id,
  created_at: '2026-11-20T01:00:00Z',
  last_used_at: '2026-11-20T01:10:00Z',
  expires_at: '2026-11-20T13:00:00Z',
  ip: '10.1.2.3',
  device: 'Chrome · Windows',
  is_current: false,
  ...more,
});
const state = (more: object = {}) => ({
  second_factor_due_at: null,
  second_factor_enrolled_at: null,
  recovery_codes_left: 0,
  ...more,
});

beforeEach(async () => {
  server.use(...bank());
  await signOut();
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null, is_expired: false });
});
afterEach(() => vi.useRealTimers());

describe('signing in with a second factor', () => {
  const asked = () => {
    const answers: unknown[] = [];
    server.use(
      http.post('*/api/v1/auth/refresh', () => problem(401, 'staff.session_ended')),
      http.post('*/api/v1/auth/login', () =>
        problem(401, 'staff.second_factor_required', { params: { challenge: 'c1' } }),
      ),
      http.post('*/api/v1/auth/login/second_factor', async ({ request }) => {
        const body = (await request.json()) as { code?: string; recovery_code?: string };
        answers.push(body);
        if (body.code === '999999') return problem(401, 'staff.challenge_ended');
        if (body.code !== '123456' && !body.recovery_code) return problem(401, 'staff.second_factor_wrong');
        return HttpResponse.json({ access_token: 'a', expires_in: 900, must_change_password: false });
      }),
    );
    return answers;
  };
  const password = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.type(await screen.findByLabelText('行员号'), 'K0001');
    await user.type(screen.getByLabelText('密码'), 'right');
    await user.click(screen.getByRole('button', { name: '登录' }));
    return screen.findByLabelText('验证码');
  };

  it('asks for the code, says when it is wrong, and goes on with the right one as it is shown', async () => {
    const user = userEvent.setup();
    const answers = asked();
    await openApp('/branches');
    const field = await password(user);
    await user.type(field, '000000');
    await user.click(screen.getByRole('button', { name: '验证并登录' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('验证码不正确或已使用');
    await user.type(screen.getByLabelText('验证码'), '123 456');
    await user.click(screen.getByRole('button', { name: '验证并登录' }));
    expect(await screen.findByRole('heading', { level: 1, name: '网点' }, { timeout: 10_000 })).toBeVisible();
    expect(answers.at(-1)).toEqual({ challenge: 'c1', code: '123456' });
  });

  it('takes a recovery code, and begins anew when it took too long', async () => {
    const user = userEvent.setup();
    const answers = asked();
    await openApp('/branches');
    await user.type(await password(user), '999999');
    await user.click(screen.getByRole('button', { name: '验证并登录' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('等待时间过长，请重新登录');
    await user.clear(screen.getByLabelText('行员号'));
    await password(user);
    await user.click(screen.getByRole('button', { name: '改用恢复码' }));
    await user.type(screen.getByLabelText('恢复码'), CODES[0] as string);
    await user.click(screen.getByRole('button', { name: '验证并登录' }));
    expect(await screen.findByRole('heading', { level: 1, name: '网点' }, { timeout: 10_000 })).toBeVisible();
    expect(answers.at(-1)).toEqual({ challenge: 'c1', recovery_code: CODES[0] });
  });
});

describe('setting a second factor up', () => {
  it('comes before anything else once it is overdue: password, QR code, first code, recovery codes', async () => {
    const user = userEvent.setup();
    let proved = false;
    let enrolled: string | null = null;
    const overdue = { second_factor_due_at: '2020-01-01T00:00:00Z' };
    server.use(...bank(overdue));
    server.use(
      http.get('*/api/v1/me', () => {
        const { me } = useSession.getState();
        const base = me ?? null;
        return base && enrolled
          ? HttpResponse.json({ ...base, second_factor_enrolled_at: enrolled })
          : undefined;
      }),
      http.post('*/api/v1/auth/second_factor', () =>
        proved
          ? HttpResponse.json(
              { secret: 'GEZDGNBVGY3TQOJQ', otpauth_uri: 'otpauth://totp/x' },
              { status: 201 },
            )
          : problem(403, 'staff.step_up_required', { params: { methods: ['password'] } }),
      ),
      http.post('*/api/v1/auth/step_up', () => {
        proved = true;
        return new HttpResponse(null, { status: 204 });
      }),
      http.post('*/api/v1/auth/second_factor/confirm', async ({ request }) => {
        const { code } = (await request.json()) as { code: string };
        if (code !== '123456')
          return problem(422, 'staff.second_factor_wrong', {
            errors: [{ pointer: '/code', code: 'staff.second_factor_wrong', params: {}, message: '' }],
          });
        enrolled = '2026-11-20T01:00:00Z';
        return HttpResponse.json({ recovery_codes: CODES }, { status: 201 });
      }),
    );
    await openApp('/branches');
    expect(
      await screen.findByRole('heading', { name: '请先设置双重验证' }, { timeout: 10_000 }),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: '开始设置' }));
    const dialog = await screen.findByRole('dialog', { name: '再次验证身份' });
    await user.type(within(dialog).getByLabelText('密码'), 'right');
    await user.click(within(dialog).getByRole('button', { name: /^验\s?证$/ }));
    expect(await screen.findByRole('img', { name: '身份验证器二维码' })).toBeVisible();
    expect(screen.getByText('GEZD GNBV GY3T QOJQ')).toBeInTheDocument();
    await user.type(screen.getByLabelText('验证码'), '000000');
    await user.click(screen.getByRole('button', { name: '启用' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('验证码不正确或已使用');
    await user.type(screen.getByLabelText('验证码'), '123456');
    await user.click(screen.getByRole('button', { name: '启用' }));
    const list = await screen.findByRole('list', { name: 'Cardea 恢复码' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(CODES);
    const finish = screen.getByRole('button', { name: '完成' });
    expect(finish).toBeDisabled();
    await user.click(screen.getByLabelText('我已妥善保存恢复码'));
    await user.click(finish);
    await waitFor(() =>
      expect(screen.queryByRole('heading', { name: '请先设置双重验证' })).not.toBeInTheDocument(),
    );
    expect(JSON.stringify({ ...localStorage })).not.toContain(CODES[0]);
  });

  it('is announced before it is due', async () => {
    server.use(...bank({ second_factor_due_at: '2099-01-01T00:00:00Z' }));
    await openApp('/branches');
    expect(await screen.findByText(/您的岗位须设置双重验证/, {}, { timeout: 10_000 })).toBeVisible();
    expect(screen.getByRole('link', { name: '立即设置' })).toHaveAttribute('href', '/second-factor');
  });
});

describe('my security', () => {
  it('shows where one is signed in and ends another session', async () => {
    const user = userEvent.setup();
    let open = [session('s1', { is_current: true }), session('s2', { device: null })];
    server.use(
      http.get('*/api/v1/auth/second_factor', () => HttpResponse.json(state())),
      http.get('*/api/v1/sessions', () => HttpResponse.json({ items: open })),
      http.post('*/api/v1/sessions/:id/end', ({ params }) => {
        open = open.filter((one) => one.session_id !== params.id);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await openApp('/security');
    const panel = await screen.findByRole('region', { name: '正在使用的登录' }, { timeout: 10_000 });
    expect(await within(panel).findAllByRole('listitem')).toHaveLength(2);
    expect(within(panel).getByText('本次登录')).toBeVisible();
    await user.click(within(panel).getByRole('button', { name: '结束 未知设备 上的登录' }));
    await waitFor(() => expect(within(panel).getAllByRole('listitem')).toHaveLength(1));
    expect(within(panel).queryByRole('button', { name: '结束其他登录' })).not.toBeInTheDocument();
  });

  it('removes the second factor after a code, not the password', async () => {
    const user = userEvent.setup();
    const shown: unknown[] = [];
    let since: string | null = '2026-11-01T01:00:00Z';
    server.use(
      http.get('*/api/v1/auth/second_factor', () =>
        HttpResponse.json(state({ second_factor_enrolled_at: since, recovery_codes_left: since ? 2 : 0 })),
      ),
      http.get('*/api/v1/sessions', () =>
        HttpResponse.json({ items: [session('s1', { is_current: true })] }),
      ),
      http.post('*/api/v1/auth/step_up', async ({ request }) => {
        shown.push(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
      http.delete('*/api/v1/auth/second_factor', () => {
        if (shown.length === 0)
          return problem(403, 'staff.step_up_required', { params: { methods: ['code', 'recovery_code'] } });
        since = null;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await openApp('/security');
    expect(await screen.findByText(/恢复码所剩不多/, {}, { timeout: 10_000 })).toBeVisible();
    await user.click(screen.getByRole('button', { name: /^移\s?除$/ }));
    const sure = await screen.findByRole('dialog', { name: /移除双重验证/ });
    await user.click(within(sure).getByRole('button', { name: /^移\s?除$/ }));
    // Not by the dialog's name: where nothing moves the one before never quite goes.
    const field = await screen.findByLabelText('验证码', {}, { timeout: 10_000 });
    await user.type(field, '123 456');
    await user.click(screen.getByRole('button', { name: /^验\s?证$/ }));
    expect(await screen.findByText(/未设置。建议设置/)).toBeVisible();
    expect(shown).toEqual([{ code: '123456' }]);
  });
});

describe('a screen that nobody works at', () => {
  it('warns a minute before, goes on when told to, and signs out otherwise', async () => {
    await openApp('/branches');
    await screen.findByRole('heading', { level: 1, name: '网点' }, { timeout: 10_000 });
    vi.useFakeTimers({ toFake: ['Date'] });
    const rest = async (ms: number) => {
      vi.setSystemTime(Date.now() + ms);
      // One tick of the guard's own timer.
      await act(() => new Promise((done) => setTimeout(done, 1100)));
    };
    await rest(13 * 60_000);
    expect(screen.queryByRole('dialog', { name: '即将自动退出' })).not.toBeInTheDocument();
    await rest(65_000);
    const dialog = await screen.findByRole('dialog', { name: '即将自动退出' });
    expect(within(dialog).getByRole('timer')).toHaveTextContent(/\d+ 秒后将退出登录/);
    await act(async () => within(dialog).getByRole('button', { name: '继续使用' }).click());
    await rest(13 * 60_000);
    expect(useSession.getState().phase).toBe('signed_in');
    await rest(2 * 60_000);
    await waitFor(() =>
      expect(useSession.getState()).toMatchObject({ phase: 'signed_out', is_expired: true }),
    );
    expect(await screen.findByText('登录已失效，请重新登录')).toBeVisible();
  }, 20_000);
});
