import type { Route as Request } from '@playwright/test';
import type { StaffNo } from './api';
import { expect, settled, sidewaysScroll, test } from './bank';
import { judge } from './judge';

/** A page's four faces: on its way, empty, out of reach, and there. */
const STATES: { path: string; api: string; staff_no: StaffNo; empty: object }[] = [
  { path: '/', api: '**/api/v1/workbench', staff_no: 'T0001', empty: { cards: [], lists: [] } },
  {
    path: '/cardholders',
    api: '**/api/v1/cardholders?*',
    staff_no: 'T0001',
    empty: { items: [], next: null },
  },
  { path: '/staff', api: '**/api/v1/staff?*', staff_no: 'A0001', empty: { items: [], next: null } },
  { path: '/branches', api: '**/api/v1/branches', staff_no: 'A0001', empty: { items: [] } },
  { path: '/jobs', api: '**/api/v1/jobs?*', staff_no: 'A0001', empty: { items: [], next: null } },
  { path: '/audit', api: '**/api/v1/audit_entries?*', staff_no: 'A0001', empty: { items: [], next: null } },
];

for (const { path, api, staff_no, empty } of STATES) {
  test(`${path} has a face while it loads, when it is empty and when it fails`, async ({ page, signIn }) => {
    await signIn(staff_no, { theme: 'system' });
    const held: Request[] = [];
    let answer = async (request: Request): Promise<void> => void held.push(request);
    await page.route(api, (request) => answer(request));
    await page.goto(path);
    await expect(page.locator('main :is(.skeleton, [aria-busy=true])').first()).toBeVisible();
    expect(await sidewaysScroll(page)).toBe(0);

    answer = (request) =>
      request.fulfill({
        json: { ...empty, business_on: '2026-11-22', count: 0 },
        contentType: 'application/json',
      });
    await Promise.all(held.splice(0).map(answer));
    await expect(page.locator('main .empty').first()).toBeVisible();
    await judge(page, `${path}, empty`, () => []);

    answer = (request) => request.abort('connectionrefused');
    await page.reload();
    const retry = page.locator('main [role=alert]').getByRole('button', { name: '重试' });
    await expect(retry).toBeVisible();
    await judge(page, `${path}, out of reach`, () => []);

    await page.unroute(api);
    await retry.click();
    await expect(retry).toHaveCount(0);
    await settled(page);
  });
}
