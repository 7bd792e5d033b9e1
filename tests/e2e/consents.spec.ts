import { expect, settled, sidewaysScroll, test } from './bank';
import { newCardholder } from './people';

test('a teller records a consent, takes it back, and sees at once who may be contacted', async ({
  page,
  signIn,
}) => {
  const teller = await signIn('T0001');
  const { cardholder } = await newCardholder(teller);
  await page.goto(`/cardholders/${cardholder.cardholder_id}?tab=consents`);
  const mark = page.getByRole('button', { name: /^产品与优惠推介 · 邮件/ });
  await mark.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('我可以随时撤回，撤回后立即停止')).toBeVisible();
  await dialog.getByRole('button', { name: '登记同意' }).click();
  await expect(page.getByRole('button', { name: '产品与优惠推介 · 邮件: 已同意' })).toBeVisible();
  await page.getByRole('button', { name: '产品与优惠推介 · 邮件: 已同意' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '撤回同意' }).click();
  await expect(page.getByRole('button', { name: '产品与优惠推介 · 邮件: 已撤回' })).toBeVisible();
  const history = page.getByRole('region', { name: '同意记录' });
  await expect(history.getByText('已撤回').first()).toBeVisible();

  const silence = page.getByRole('switch', { name: '免打扰' });
  await silence.click();
  await expect(silence).toBeChecked();
  const check = page.getByRole('region', { name: '现在能否联系' });
  await expect(check.getByText('不可联系')).toBeVisible();
  await expect(check.getByText('客户要求不再联系')).toBeVisible();
  await silence.click();
  await expect(silence).not.toBeChecked();
});

test('the consents fit a phone', async ({ page, signIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const teller = await signIn('T0001', { lang: 'en', theme: 'dark' });
  const { cardholder } = await newCardholder(teller);
  await page.goto(`/cardholders/${cardholder.cardholder_id}?tab=consents`);
  await expect(page.getByRole('heading', { name: 'Consents', exact: true })).toBeVisible();
  await settled(page);
  expect(await sidewaysScroll(page)).toBe(0);
});

test('a risk manager publishes the next version of a text, which is in force at once', async ({
  page,
  signIn,
}) => {
  await signIn('K0002');
  await page.goto('/consent_texts');
  await page.getByRole('button', { name: '发布新版本: 满意度调查' }).click();
  const dialog = page.getByRole('dialog');
  const words = `我同意参加第 ${Date.now() % 100_000} 期满意度调查。`;
  await dialog.getByLabel('中文').fill(words);
  await dialog.getByLabel('英文').fill('I agree to be asked how satisfied I am.');
  await dialog.getByRole('button', { name: /发\s?布$/ }).click();
  const line = page.getByRole('listitem').filter({ hasText: words });
  await expect(line).toContainText('生效中');
});
