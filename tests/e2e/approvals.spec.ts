import { choose, expect, heading, pick, rowsOf, test } from './bank';
import { newCardholder } from './people';

const proved = async (page: import('@playwright/test').Page) => {
  const proof = page.getByRole('dialog', { name: '再次验证身份' });
  await proof.getByLabel('密码').fill('Cardea-2026');
  await proof.getByRole('button', { name: /^验\s?证$/ }).click();
};

test('a new name is submitted at the desk, approved in the inbox by keys, and is then there', async ({
  page,
  context,
  signIn,
}) => {
  const { cardholder } = await newCardholder(await signIn('T0001'));
  const path = `/cardholders/${cardholder.cardholder_id}`;
  await page.goto(`${path}/edit`);
  await page.getByRole('textbox', { name: '姓名' }).fill(`${cardholder.name}文`);
  await page.getByRole('textbox', { name: '职业' }).fill('校长');
  await page.getByRole('button', { name: '保存修改' }).first().click();
  const submit = page.getByRole('dialog', { name: '提交审批' });
  await submit.getByLabel('变更依据').fill('公安机关更名证明已核验');
  await submit.getByRole('button', { name: /^提\s?交$/ }).click();
  await expect(page.getByText('已提交审批，批准后生效')).toBeVisible();
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '变更姓名 正在等待审批' })).toBeVisible();
  await expect(page.getByText('校长').first()).toBeVisible();

  await context.clearCookies();
  await signIn('B0001');
  await page.goto('/approvals');
  const inbox = page.getByRole('list', { name: '待我审批' });
  const row = inbox.getByRole('listitem').filter({ hasText: cardholder.customer_no });
  await expect(row).toContainText('变更姓名');
  await row.getByRole('link').click();
  await expect(page.getByRole('row', { name: /姓名/ }).first()).toContainText(`${cardholder.name}文`);
  await expect(page.getByText('公安机关更名证明已核验')).toBeVisible();
  await page.keyboard.press('a');
  await page
    .getByRole('dialog', { name: '批准 1 项申请' })
    .getByRole('button', { name: /^批\s?准$/ })
    .click();
  await proved(page);
  await expect(page.getByText('已执行')).toBeVisible();
  await page.goto(path);
  await expect(heading(page, new RegExp(`${cardholder.name}文`))).toBeVisible();
});

test('many are decided at once, and a rejection reaches whoever asked', async ({
  page,
  signIn,
  colleague,
}) => {
  const teller = await colleague('T0001');
  const names: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    const { cardholder } = await newCardholder(teller);
    await teller.patch(`/cardholders/${cardholder.cardholder_id}`, cardholder.version, {
      name: `${cardholder.name}文`,
    });
    names.push(cardholder.customer_no);
  }
  await signIn('B0001');
  await page.goto('/approvals');
  const rows = page.getByRole('list', { name: '待我审批' }).getByRole('listitem');
  for (const number of names) await rows.filter({ hasText: number }).getByRole('checkbox').check();
  const bar = page.getByRole('toolbar', { name: '已选 2 项' });
  await bar.getByRole('button', { name: /^驳\s?回$/ }).click();
  const dialog = page.getByRole('dialog', { name: '驳回 2 项申请' });
  await dialog.getByLabel('驳回理由').fill('缺少更名证明');
  await dialog.getByRole('button', { name: /^驳\s?回$/ }).click();
  await expect(page.getByText('2 项已处理，0 项未处理')).toBeVisible();
  for (const number of names) await expect(rows.filter({ hasText: number })).toHaveCount(0);
});

test('another role waits for somebody else', async ({ page, signIn }) => {
  await signIn('A0001');
  await page.goto('/staff?q=M0001');
  const row = rowsOf(page, '员工').filter({ hasText: 'M0001' });
  await pick(page, row.getByRole('button', { name: /的操作$/ }), '编辑');
  const dialog = page.getByRole('dialog', { name: '编辑员工' });
  await choose(page, dialog.getByLabel('数据范围'), '本网点');
  await dialog.getByLabel('变更依据').fill('岗位调整通知');
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByRole('link', { name: '查看申请' }).click();
  await expect(heading(page, '授予或变更权限')).toBeVisible();
  await expect(page.getByRole('row', { name: /数据范围/ })).toContainText('本网点');
  await expect(page.getByRole('button', { name: /^批\s?准$/ })).toHaveCount(0);
  await page.getByRole('button', { name: /^撤\s?回$/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^撤\s?回$/ })
    .click();
  await expect(page.getByText('已撤回').first()).toBeVisible();
});
