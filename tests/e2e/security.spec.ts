import type { Page } from '@playwright/test';
import { Api } from './api';
import { expect, heading, prefer, settled, test } from './bank';
import { digits, newColleague } from './people';
import { totp } from './totp';

const NEW_PASSWORD = 'Zhi-Yuan-4827';

/** Somebody whom no other test signs in as. */
async function employ(admins: [Api, Api], request: Parameters<typeof Api.signIn>[0]): Promise<string> {
  const staff_no = `K${digits(9)}`;
  const { password: initial } = await newColleague(...admins, { staff_no, role: 'risk_officer' });
  const own = await Api.signIn(request, staff_no, initial);
  await own.act('/auth/password', { current_password: initial, new_password: NEW_PASSWORD });
  return staff_no;
}

async function password(page: Page, staff_no: string): Promise<void> {
  await page.getByRole('textbox', { name: '行员号' }).fill(staff_no);
  await page.getByRole('textbox', { name: '密码' }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: staffMenu }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await expect(heading(page, '登录工作台')).toBeVisible();
}
const staffMenu = /风险专员|风控专员/;

test('a risk officer sets two-step sign-in up, signs in with a code, then with a recovery code', async ({
  page,
  context,
  colleague,
  playwright,
  baseURL,
}) => {
  const elsewhere = await playwright.request.newContext({ baseURL });
  const admins: [Api, Api] = [await colleague('A0001'), await colleague('A0002')];
  const staff_no = await employ(admins, elsewhere);
  await elsewhere.dispose();
  await prefer(context, {}, false);
  await page.goto('/');
  await password(page, staff_no);
  await expect(page.getByText(/您的岗位须设置双重验证/)).toBeVisible();
  await page.getByRole('link', { name: '立即设置' }).click();
  await page.getByRole('button', { name: '开始设置' }).click();
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill(NEW_PASSWORD);
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
  await expect(page.getByRole('img', { name: '身份验证器二维码' })).toBeVisible();
  await page.getByText('无法扫描').click();
  const secret = (await page.locator('.auth-secret code').innerText()).replaceAll(' ', '');
  // Each code is good once; the one of a moment ahead is taken too, and left for signing in.
  await page.getByLabel('验证码').fill(totp(secret));
  await page.getByRole('button', { name: '启用' }).click();
  const list = page.getByRole('list', { name: 'Cardea 恢复码' }).getByRole('listitem');
  await expect(list).toHaveCount(10);
  const codes = await list.allInnerTexts();
  await page.getByLabel('我已妥善保存恢复码').check();
  await page.getByRole('button', { name: '完成' }).click();
  await expect(heading(page, '我的安全')).toBeVisible();
  await expect(page.getByText(/起启用 · 剩余恢复码 10 个/)).toBeVisible();
  await settled(page);
  await leave(page);

  await password(page, staff_no);
  await expect(heading(page, '双重验证')).toBeVisible();
  await page.getByLabel('验证码').fill(totp(secret, 1));
  await page.getByRole('button', { name: '验证并登录' }).click();
  await expect(heading(page, /好，/)).toBeVisible();
  await leave(page);

  await password(page, staff_no);
  await page.getByRole('button', { name: '改用恢复码' }).click();
  await page.getByLabel('恢复码').fill(codes[0] ?? '');
  await page.getByRole('button', { name: '验证并登录' }).click();
  await expect(heading(page, /好，/)).toBeVisible();
  await page.goto('/security');
  await expect(page.getByText(/剩余恢复码 9 个/)).toBeVisible();
});

test('a session elsewhere is seen and ended, and is over there at once', async ({
  page,
  context,
  colleague,
  playwright,
  baseURL,
}) => {
  const elsewhere = await playwright.request.newContext({ baseURL, userAgent: 'curl/8.5' });
  const admins: [Api, Api] = [await colleague('A0001'), await colleague('A0002')];
  const staff_no = await employ(admins, elsewhere);
  const there = await Api.signIn(elsewhere, staff_no, NEW_PASSWORD);
  await prefer(context, {}, false);
  await page.goto('/security');
  await password(page, staff_no);
  const panel = page.getByRole('region', { name: '正在使用的登录' });
  await expect(panel.getByText('本次登录')).toBeVisible();
  await expect(panel.getByRole('button', { name: /^结束 curl/ }).first()).toBeVisible();
  await panel.getByRole('button', { name: '结束其他登录' }).click();
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await expect(there.get('/me')).rejects.toThrow(/401/);
  await elsewhere.dispose();
});
