import { expect, heading, test } from './bank';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('with less motion, panels still open where they belong', async ({ page, signIn }) => {
  await signIn('U0001');
  await page.goto('/cardholders');
  await expect(heading(page, '持卡人')).toBeVisible();

  const select = page.getByRole('combobox', { name: '状态' });
  await select.click();
  const option = page.locator('.ant-select-item-option').filter({ hasText: /^睡眠$/ });
  await expect(option).toBeInViewport();
  const [box, panel] = await Promise.all([
    page.locator('.ant-select', { has: select }).boundingBox(),
    page.locator('.ant-select-dropdown').boundingBox(),
  ]);
  if (!box || !panel) throw new Error('the select or its panel is not drawn');
  expect(Math.abs(panel.x - box.x)).toBeLessThan(12);
  expect(panel.y).toBeGreaterThanOrEqual(box.y + box.height);
  expect(panel.y).toBeLessThan(box.y + box.height + 12);
  await option.click();
  await expect(page).toHaveURL(/lifecycle=dormant/);
  await expect(page.locator('.ant-select-dropdown')).toBeHidden();

  await page.getByRole('button', { name: '更多筛选' }).click();
  await expect(page.getByRole('spinbutton', { name: '最小年龄' })).toBeInViewport();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^外观/ }).click();
  await expect(page.getByRole('menuitem', { name: '深色' })).toBeInViewport();
});

test('with less motion, a dialog opens and closes at once', async ({ page, signIn }) => {
  await signIn('A0001');
  await page.goto('/staff');
  await page.getByRole('button', { name: '新增员工' }).click();
  const dialog = page.getByRole('dialog', { name: '新增员工' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('角色').click();
  await expect(page.locator('.ant-select-item-option').filter({ hasText: '柜员' })).toBeInViewport();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: '取消' }).click();
  await expect(dialog).toBeHidden();
});
