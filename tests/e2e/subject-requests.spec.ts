import type { Page as ApiPage, Cardholder } from './api';
import { choose, expect, heading, settled, sidewaysScroll, test } from './bank';
import { newCardholder } from './people';

test('a request is taken in at the counter, made into a package, and answered in time', async ({
  page,
  signIn,
}) => {
  const manager = await signIn('B0001');
  const { cardholder } = await newCardholder(manager);
  await page.goto(`/cardholders/${cardholder.cardholder_id}?tab=consents`);
  await page.getByRole('button', { name: '登记请求' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('客户的要求（可不填）').fill('希望了解银行保存了哪些信息');
  await dialog.getByRole('button', { name: /登\s?记/ }).click();
  await page
    .getByRole('list', { name: '个人信息请求' })
    .getByRole('link', { name: /查阅与复制/ })
    .first()
    .click();
  await expect(heading(page, '查阅与复制')).toBeVisible();
  await expect(page.getByText('还剩 30 天')).toBeVisible();

  await page.getByRole('button', { name: '生成副本' }).click();
  const download = page.getByRole('button', { name: /下\s?载/ });
  await expect(download).toBeVisible({ timeout: 30_000 });
  const saved = page.waitForEvent('download');
  await download.click();
  const why = page.getByRole('dialog', { name: '下载信息副本' });
  await choose(page, why.getByLabel('目的'), '寄送凭证资料');
  await why.getByRole('button', { name: /下\s?载/ }).click();
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /验\s?证/ }).click();
  expect((await saved).suggestedFilename()).toMatch(/^subject-request-.*\.json$/);

  await page.getByRole('button', { name: /办\s?结/ }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('已当面交付');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /办\s?结/ })
    .click();
  await expect(page.getByText('已办结').first()).toBeVisible();
});

test('an erasure says what has to be kept, and the list fits a phone', async ({ page, signIn }) => {
  const manager = await signIn('B0001');
  const { items } = await manager.get<ApiPage<Cardholder>>(
    '/cardholders?holds_product=credit_card&lifecycle=active&limit=1',
  );
  await page.goto(`/cardholders/${items[0]?.cardholder_id}?tab=consents`);
  await page.getByRole('button', { name: '登记请求' }).click();
  const dialog = page.getByRole('dialog');
  await choose(page, dialog.getByLabel('类型'), '删除');
  await dialog.getByRole('button', { name: /登\s?记/ }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('list', { name: '个人信息请求' }).getByRole('link', { name: /删除/ }).first().click();
  await expect(page.getByRole('list', { name: '必须保留的情形' })).toBeVisible();
  await expect(page.getByRole('button', { name: '提交删除审批' })).toBeDisabled();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/subject_requests');
  await settled(page);
  expect(await sidewaysScroll(page)).toBe(0);
});
