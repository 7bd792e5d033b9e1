import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { signOut, useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

beforeEach(async () => {
  server.use(...bank());
  await signOut();
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

describe('signing in', () => {
  it('says that it was refused, then opens the page that was asked for with the role’s menu', async () => {
    const user = userEvent.setup();
    server.use(http.post('*/api/v1/auth/refresh', () => problem(401, 'staff.session_ended')));
    server.use(
      http.post('*/api/v1/auth/login', async ({ request }) => {
        const { password } = (await request.json()) as { password: string };
        if (password !== 'right') return problem(401, 'staff.sign_in_refused');
        return HttpResponse.json({ access_token: 'a', expires_in: 900, must_change_password: false });
      }),
    );
    await openApp('/branches');
    await user.type(await screen.findByLabelText('行员号'), 'T0001');
    await user.type(screen.getByLabelText('密码'), 'wrong');
    await user.click(screen.getByRole('button', { name: '登录' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('行员号或密码不正确');

    await user.type(screen.getByLabelText('密码'), 'right');
    await user.click(screen.getByRole('button', { name: '登录' }));
    expect(await screen.findByRole('heading', { level: 1, name: '网点' }, { timeout: 10_000 })).toBeVisible();
    const menu = screen.getByRole('navigation', { name: '主菜单' });
    expect(menu).toHaveTextContent('持卡人');
    expect(menu).not.toHaveTextContent('审计日志');
  });

  it('lets nobody past an initial password', async () => {
    server.use(...bank({ must_change_password: true }));
    await openApp('/cardholders');
    expect(await screen.findByRole('heading', { name: '首次登录须设置新密码' })).toBeVisible();
  });
});

describe('a session', () => {
  it('is refreshed once when a token has died, for all requests that met it', async () => {
    let refreshed = 0;
    server.use(
      http.post('*/api/v1/auth/refresh', () => {
        refreshed += 1;
        return HttpResponse.json({
          access_token: `t${refreshed}`,
          expires_in: 900,
          must_change_password: false,
        });
      }),
      http.get('*/api/v1/branches', ({ request }) =>
        request.headers.get('Authorization') === 'Bearer t1'
          ? problem(401, 'auth.token_expired')
          : HttpResponse.json({ items: [] }),
      ),
    );
    await openApp('/branches');
    expect(await screen.findByText('还没有机构')).toBeVisible();
    expect(refreshed).toBe(2);
  });

  it('shows "forbidden" in the place of a page the role may not open', async () => {
    await openApp('/audit');
    expect(await screen.findByRole('heading', { name: '您没有查看此页的权限' })).toBeVisible();
  });

  it('ends on the sign-in page and remembers nothing', async () => {
    await openApp('/branches');
    await screen.findByRole('heading', { level: 1, name: '网点' });
    await signOut();
    expect(await screen.findByRole('heading', { name: '登录工作台' })).toBeVisible();
    await waitFor(() =>
      expect(useSession.getState()).toEqual({ phase: 'signed_out', me: null, is_expired: false }),
    );
    expect(JSON.stringify({ ...localStorage })).not.toContain(sampleMe.name);
  });
});
