import type { Page } from '@playwright/test';
import type { Page as ApiPage, StaffNo } from './api';
import { choose, expect, heading, test } from './bank';
import { newCardholder } from './people';

/** Approves the request that is open, with a proof where one is asked for. */
async function approve(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^批\s?准$/ }).click();
  const dialog = page.getByRole('dialog', { name: '批准 1 项申请' });
  await dialog.getByRole('button', { name: /^批\s?准$/ }).click();
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
  await expect(dialog).toBeHidden();
}

test('somebody is erased as they wished, once two others have said yes, and nobody finds them any more', async ({
  page,
  context,
  signIn,
  colleague,
}) => {
  const { cardholder, phone } = await newCardholder(await signIn('B0001'));
  const path = `/cardholders/${cardholder.cardholder_id}`;
  await page.goto(`${path}?tab=consents`);
  await page.getByRole('button', { name: '登记请求' }).click();
  const dialog = page.getByRole('dialog');
  await choose(page, dialog.getByLabel('类型'), '删除');
  await dialog.getByRole('button', { name: /登\s?记/ }).click();
  await page
    .getByRole('list', { name: '个人信息请求' })
    .getByRole('link', { name: /删除/ })
    .first()
    .click();
  await page.getByRole('button', { name: '提交删除审批' }).click();
  const waiting = page.getByRole('link', { name: '已提交，等待审批' });
  await expect(waiting).toBeVisible();
  const request = (await waiting.getAttribute('href')) ?? '';
  expect(request).toMatch(/^\/approvals\//);

  // Nobody decides what they asked for; two risk managers of the bank do.
  await page.goto(request);
  await expect(heading(page, /删除/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^批\s?准$/ })).toHaveCount(0);
  const staff = await (await colleague('A0001')).get<ApiPage<{ staff_no: StaffNo }>>(
    '/staff?role=risk_manager&limit=2',
  );
  expect(staff.items).toHaveLength(2);
  for (const { staff_no } of staff.items) {
    await context.clearCookies();
    await signIn(staff_no);
    await page.goto(request);
    await approve(page);
  }

  await context.clearCookies();
  await signIn('B0001');
  // The job that follows takes its moment.
  await expect(async () => {
    await page.goto(path);
    await expect(page.getByText(/已于 .* 删除，仅存墓碑记录/)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText(cardholder.name)).toHaveCount(0);
  await page.goto(request);
  await expect(page.getByText('已执行').first()).toBeVisible();
  const api = await colleague('B0001');
  for (const q of [cardholder.name, phone]) {
    const found = await api.post<ApiPage<unknown>>('/cardholders/search', { q });
    expect(found.items, 'nobody is found').toEqual([]);
  }
});
