import type { Page } from '@playwright/test';
import { expect, heading, settled, test } from './bank';

const WAYS = [
  ['with less motion', 'reduce'],
  ['with motion', 'no-preference'],
] as const;

for (const [name, reducedMotion] of WAYS) {
  test.describe(() => {
    test.use({ contextOptions: { reducedMotion } });

    test(`${name}, panels open where they belong`, async ({ page, signIn }) => {
      await signIn('U0001');
      await page.goto('/cardholders');
      await expect(heading(page, '持卡人')).toBeVisible();
      await settled(page);

      const select = page.getByRole('combobox', { name: '状态' });
      await select.click();
      const option = page.locator('.ant-select-item-option').filter({ hasText: /^睡眠$/ });
      await expect(option).toBeInViewport();
      await arrived(page);
      // Asked for until they agree: two places read one after the other may be those of two moments.
      await expect(async () => {
        const [box, panel] = await Promise.all([
          page.locator('.ant-select', { has: select }).boundingBox(),
          page.locator('.ant-select-dropdown').boundingBox(),
        ]);
        if (!box || !panel) throw new Error('the select or its panel is not drawn');
        expect(Math.abs(panel.x - box.x)).toBeLessThan(12);
        expect(panel.y).toBeGreaterThanOrEqual(box.y + box.height);
        expect(panel.y).toBeLessThan(box.y + box.height + 12);
      }).toPass({ timeout: 10_000 });
      await option.click();
      await expect(page).toHaveURL(/lifecycle=dormant/);
      await expect(page.locator('.ant-select-dropdown')).toBeHidden();

      await page.getByRole('button', { name: '更多筛选' }).click();
      await expect(page.getByRole('spinbutton', { name: '最小年龄' })).toBeInViewport();
      await page.keyboard.press('Escape');
      await arrived(page);
      await page.getByRole('button', { name: /^外观/ }).click();
      await expect(page.getByRole('menuitem', { name: '深色' })).toBeInViewport();
    });

    test(`${name}, a dialog opens and closes`, async ({ page, signIn }) => {
      await signIn('A0001');
      await page.goto('/staff');
      await page.getByRole('button', { name: '新增员工' }).click();
      const dialog = page.getByRole('dialog', { name: '新增员工' });
      await expect(dialog).toBeVisible();
      await dialog.getByLabel('角色').click();
      await expect(page.locator('.ant-select-item-option').filter({ hasText: '柜员' })).toBeInViewport();
      await arrived(page);
      await page.keyboard.press('Escape');
      await arrived(page);
      await dialog.getByRole('button', { name: '取消' }).click();
      await expect(dialog).toBeHidden();
    });
  });
}

/** Waits until nothing on the page moves any more. */
async function arrived(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector(':is([class*="-enter-"], [class*="-appear-"], [class*="-leave-"])') === null &&
      document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}
