import { expect, heading, settled, test } from './bank';
import { newCardholder, newName } from './people';

const proved = async (page: import('@playwright/test').Page) => {
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
};

test('two records of one person are compared, merged once approved, met as one, and parted again', async ({
  page,
  context,
  signIn,
}) => {
  const teller = await signIn('T0001');
  const name = newName();
  const kept = await newCardholder(teller, { name });
  const other = await newCardholder(teller, { name, duplicate_override_reason: '柜面重复建档' });
  const [survivor, absorbed] = [kept.cardholder, other.cardholder];
  const path = `/cardholders/${survivor.cardholder_id}`;

  await page.goto(path);
  await page.getByRole('link', { name: '合并' }).click();
  await expect(heading(page, '合并客户')).toBeVisible();
  const hit = page.getByRole('listitem').filter({ hasText: absorbed.customer_no });
  await hit.getByRole('button', { name: /^选\s?择$/ }).click();
  await expect(page.getByRole('columnheader', { name: new RegExp(absorbed.customer_no) })).toBeVisible();
  await expect(page.getByRole('row', { name: /^电话 1 1 2$/ })).toBeVisible();
  await page.getByLabel('合并依据').last().fill('证件与手机号一致，临柜核验为同一人');
  await page.getByRole('button', { name: '提交审批' }).click();
  await expect(page.getByRole('status').filter({ hasText: '合并客户 正在等待审批' })).toBeVisible();

  await context.clearCookies();
  await signIn('B0001');
  await page.goto('/approvals');
  const inbox = page.getByRole('list', { name: '待我审批' });
  await inbox.getByRole('listitem').filter({ hasText: survivor.customer_no }).getByRole('link').click();
  await expect(page.getByRole('row', { name: /并入的客户号/ })).toContainText(absorbed.customer_no);
  await page.keyboard.press('a');
  const yes = page.getByRole('dialog', { name: '批准 1 项申请' });
  await yes.getByRole('button', { name: /^批\s?准$/ }).click();
  await proved(page);
  await expect(page.getByText('已执行')).toBeVisible();

  // Whoever follows an old link comes to the survivor.
  await page.goto(`/cardholders/${absorbed.cardholder_id}`);
  await expect(page).toHaveURL(new RegExp(survivor.cardholder_id));
  const banner = page.getByRole('region', { name: '此客户包含并入的记录' });
  await expect(banner).toContainText(absorbed.customer_no);
  const contacts = page.getByRole('region', { name: '联系方式' });
  await expect(contacts.getByRole('listitem')).toHaveCount(2);
  await expect(contacts.getByText('来自并入的记录')).toHaveCount(1);
  await settled(page);

  await banner.getByRole('button', { name: '撤销合并' }).click();
  const undo = page.getByRole('dialog', { name: '撤销合并' });
  await undo.getByRole('textbox').fill('核实为同名的两位客户');
  await undo.getByRole('button', { name: '撤销合并' }).click();
  await expect(page.getByText('已撤销合并')).toBeVisible();
  await expect(banner).toHaveCount(0);
  await expect(contacts.getByRole('listitem')).toHaveCount(1);
  await page.goto(`/cardholders/${absorbed.cardholder_id}`);
  await expect(page.getByText(absorbed.customer_no).first()).toBeVisible();
  await expect(page).toHaveURL(new RegExp(absorbed.cardholder_id));
});
