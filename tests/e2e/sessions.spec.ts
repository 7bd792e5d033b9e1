import { Api, PASSWORD } from './api';
import { choose, expect, heading, prefer, settled, test } from './bank';
import { digits, newName } from './people';

test('a wrong password is refused with one sentence, the right one opens the page that was asked for', async ({
  page,
  context,
}) => {
  await prefer(context, {}, false);
  await page.goto('/cardholders?lifecycle=active');
  await expect(heading(page, '登录工作台')).toBeVisible();
  await page.getByRole('textbox', { name: '行员号' }).fill('T0001');
  await page.getByRole('textbox', { name: '密码' }).fill('not-the-password');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('行员号或密码不正确');
  await expect(page.getByRole('textbox', { name: '密码' })).toHaveValue('');

  await page.getByRole('textbox', { name: '密码' }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(heading(page, '持卡人')).toBeVisible();
  await expect(page).toHaveURL(/\/cardholders\?lifecycle=active$/);
});

test('an unknown staff number is refused with the same words as a wrong password', async ({
  page,
  context,
}) => {
  await prefer(context, {}, false);
  await page.goto('/login');
  await page.getByRole('textbox', { name: '行员号' }).fill(`Z${digits(6)}`);
  await page.getByRole('textbox', { name: '密码' }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('行员号或密码不正确');
});

test('signing out ends the session, and the way back leads to the sign-in page', async ({ page, signIn }) => {
  const { me } = await signIn('T0001');
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  await page.getByRole('button', { name: new RegExp(me.name) }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await expect(heading(page, '登录工作台')).toBeVisible();
  await page.goBack();
  await expect(heading(page, '登录工作台')).toBeVisible();
  await page.goto('/cardholders');
  await expect(heading(page, '登录工作台')).toBeVisible();
});

test('the session survives reloads, and loading a page spends one refresh token', async ({
  page,
  signIn,
}) => {
  await signIn('R0001');
  let refreshed = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/auth/refresh')) refreshed += 1;
  });
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  for (let time = 1; time <= 3; time += 1) {
    await settled(page);
    expect(refreshed).toBe(time);
    await page.reload();
    await expect(heading(page, '网点')).toBeVisible();
  }
});

test('an impatient second reload does not end the session', async ({ page, signIn }) => {
  await signIn('R0001');
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  for (let time = 0; time < 4; time += 1) {
    const refresh = page.waitForRequest('**/api/v1/auth/refresh');
    const left = page.reload({ waitUntil: 'commit' });
    await refresh;
    await left;
  }
  await page.reload();
  await expect(heading(page, '网点')).toBeVisible();
});

test('a newcomer whom the administrator employs must set a password before anything else', async ({
  page,
  signIn,
  colleague,
  browser,
}) => {
  const { me } = await signIn('A0001');
  const staff_no = `N${digits(8)}`;
  await page.goto('/staff');
  await page.getByRole('button', { name: '新增员工' }).click();
  const dialog = page.getByRole('dialog', { name: '新增员工' });
  await dialog.getByLabel('行员号').fill(staff_no);
  await dialog.getByLabel('姓名').fill(newName());
  await choose(page, dialog.getByLabel('角色'), '柜员');
  await dialog.getByLabel('变更依据').fill('录用通知已核对');
  const answered = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('/api/v1/staff'),
  );
  await dialog.getByRole('button', { name: '保存' }).click();
  const { approval } = (await (await answered).json()) as { approval: { approval_id: string } };
  const shown = page.getByRole('dialog', { name: '初始密码' });
  const initial = (await shown.locator('.initial-password').textContent()) ?? '';
  expect(initial.length).toBeGreaterThanOrEqual(12);
  await shown.getByRole('button', { name: /^关\s?闭$/ }).click();
  await expect(page.getByText(initial)).toHaveCount(0);
  // Nobody signs in before another has agreed.
  const another = await colleague('A0002');
  await another.act('/auth/step_up', { password: PASSWORD });
  await another.post(`/approvals/${approval.approval_id}/approve`, {});

  const context = await browser.newContext();
  await prefer(context, {}, false);
  const newcomer = await context.newPage();
  const enter = async (password: string) => {
    await newcomer.getByRole('textbox', { name: '行员号' }).fill(staff_no);
    await newcomer.getByRole('textbox', { name: '密码' }).fill(password);
    await newcomer.getByRole('button', { name: '登录', exact: true }).click();
  };
  await newcomer.goto('/login');
  await enter(initial);
  await expect(heading(newcomer, '首次登录须设置新密码')).toBeVisible();
  await newcomer.goto('/cardholders');
  await expect(heading(newcomer, '首次登录须设置新密码')).toBeVisible();

  const chosen = 'a long walk along the river';
  const field = (name: string) => newcomer.getByRole('textbox', { name, exact: true });
  await field('当前密码').fill(initial);
  await field('新密码').fill(chosen);
  await field('再次输入新密码').fill(`${chosen}!`);
  await newcomer.getByRole('button', { name: '确认修改' }).click();
  await expect(newcomer.getByText('两次输入的新密码不一致')).toBeVisible();
  await field('再次输入新密码').fill(chosen);
  await newcomer.getByRole('button', { name: '确认修改' }).click();
  await expect(newcomer.getByText('密码已修改，请重新登录')).toBeVisible();
  await enter(chosen);
  await expect(heading(newcomer, /^(上午|下午|晚上)好/)).toBeVisible();
  await context.close();
  expect(me.role).toBe('admin');
});

test('a session that the server has ended leads to the sign-in page and says so', async ({
  page,
  context,
  signIn,
}) => {
  await signIn('T0001');
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  await context.clearCookies();
  await page.route('**/api/v1/cardholders**', (route) => route.fulfill({ status: 401, json: {} }));
  await page.getByRole('link', { name: '持卡人', exact: true }).click();
  await expect(page.getByText('登录已失效，请重新登录')).toBeVisible();
  await expect(page).toHaveURL(/\/login\?/);
});

test('the access token is kept in memory only', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/');
  await expect(heading(page, /好，/)).toBeVisible();
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  expect(kept).not.toMatch(/eyJ|cardea_refresh/);
});

test('the sandbox sign-ins all work', async ({ request }) => {
  const roles = new Set<string>();
  for (const staff_no of [
    'T0001',
    'R0001',
    'S0001',
    'K0001',
    'K0002',
    'M0001',
    'M0002',
    'B0001',
    'U0001',
    'A0001',
  ]) {
    roles.add((await Api.signIn(request, staff_no)).me.role);
  }
  expect(roles.size).toBe(10);
});
