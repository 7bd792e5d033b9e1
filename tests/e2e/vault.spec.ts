import { choose, expect, heading, settled, test } from './bank';
import { newCardholder } from './people';

test('a phone is shown for a purpose after the password, and masked again when the window is left', async ({
  page,
  signIn,
}) => {
  const { cardholder, phone } = await newCardholder(await signIn('T0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  const contacts = page.getByRole('region', { name: '联系方式' });
  const eye = contacts.getByRole('button', { name: /^查看完整/ });
  await eye.click();
  const dialog = page.getByRole('dialog', { name: /查看完整/ });
  await choose(page, dialog.getByRole('combobox', { name: '查看目的' }), '回电联系');
  await dialog.getByRole('button', { name: /^查\s?看$/ }).click();
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('not this one');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
  await expect(proof.getByRole('alert')).toContainText('密码不正确');
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
  await expect(contacts).toContainText(`+86${phone}`);
  await expect(contacts.getByText(/^\d+ 秒$/)).toBeVisible();
  await page.evaluate(() => dispatchEvent(new Event('blur')));
  await expect(contacts).not.toContainText(phone);
  // Within five minutes nobody is asked again, and the purpose is remembered.
  await eye.click();
  await dialog.getByRole('button', { name: /^查\s?看$/ }).click();
  await expect(contacts).toContainText(phone);
  await contacts.getByRole('button', { name: '立即隐藏' }).click();
  await expect(contacts).not.toContainText(phone);
});

test('the administrator rotates the master key and sees it through', async ({ page, signIn }) => {
  await signIn('A0001');
  await page.goto('/keys');
  await expect(heading(page, '密钥')).toBeVisible();
  await settled(page);
  await page.getByRole('button', { name: '轮换主密钥' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '轮换主密钥' }).click();
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
  await expect(page.getByText(/最近一次换钥已完成/)).toBeVisible({ timeout: 30_000 });
  const masters = page.getByRole('region', { name: '主密钥' });
  await expect(masters.getByText('使用中')).toHaveCount(1);
  await expect(masters.getByText('已退役').first()).toBeVisible();
});

test('the auditor sees the keys and changes nothing', async ({ page, signIn }) => {
  await signIn('U0001');
  await page.goto('/keys');
  await expect(page.getByRole('region', { name: '主密钥' })).toContainText('使用中');
  await expect(page.getByRole('button', { name: /轮换/ })).toHaveCount(0);
});
