import { choose, expect, heading, pick, rowsOf, settled, test } from './bank';
import { digits, newColleague, newName } from './people';

test('staff are employed, changed, disabled and found by their state', async ({
  page,
  signIn,
  colleague,
}) => {
  const api = await signIn('A0001');
  const staff_no = `E${digits(8)}`;
  const name = newName();
  await newColleague(api, await colleague('A0002'), { staff_no, name, role: 'teller' });
  await page.goto('/staff');
  await page.getByRole('textbox', { name: '姓名或行员号' }).fill(staff_no);
  await page.getByRole('textbox', { name: '姓名或行员号' }).press('Enter');
  const row = rowsOf(page, '员工').filter({ hasText: staff_no });
  await expect(row).toContainText('柜员');
  await expect(row).toContainText('待改密码');
  await expect(row).toContainText('从未登录');

  const menu = row.getByRole('button', { name: `${name} 的操作` });
  await pick(page, menu, '编辑');
  const dialog = page.getByRole('dialog', { name: '编辑员工' });
  await expect(dialog.getByLabel('行员号')).toBeDisabled();
  const renamed = newName();
  await dialog.getByLabel('姓名').fill(renamed);
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(row).toContainText(renamed);

  await pick(page, row.getByRole('button', { name: `${renamed} 的操作` }), '停用');
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await expect(row).toContainText('未启用');
  await choose(page, page.getByRole('combobox', { name: '状态' }), '在岗');
  await expect(page).toHaveURL(/is_active=true/);
  await expect(page.getByText('没有符合条件的员工')).toBeVisible();
  expect((await colleague('U0001')).me.role).toBe('auditor');
});

test('a staff number that is taken is said at its field', async ({ page, signIn }) => {
  await signIn('A0001');
  await page.goto('/staff');
  await page.getByRole('button', { name: '新增员工' }).click();
  const dialog = page.getByRole('dialog', { name: '新增员工' });
  const staffNo = dialog.getByLabel('行员号');
  await staffNo.fill('T0001');
  await dialog.getByLabel('姓名').fill(newName());
  await choose(page, dialog.getByLabel('角色'), '柜员');
  await dialog.getByLabel('变更依据').fill('录用通知已核对');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(staffNo).toHaveAccessibleDescription(/此行员号已被使用/);
  const staff_no = `E${digits(8)}`;
  await staffNo.fill(staff_no);
  await dialog.getByRole('button', { name: '保存' }).click();
  const shown = page.getByRole('dialog', { name: '初始密码' });
  await expect(shown.getByText('账号须经另一人批准后方可登录。')).toBeVisible();
  await shown.getByRole('button', { name: /^关\s?闭$/ }).click();
  await page.goto(`/staff?q=${staff_no}`);
  await expect(rowsOf(page, '员工').filter({ hasText: staff_no })).toContainText('未启用');
});

test('a reset password is shown once and the old one no longer opens the door', async ({
  page,
  signIn,
  colleague,
  request,
}) => {
  const api = await signIn('A0001');
  const staff_no = `P${digits(8)}`;
  const { password: old } = await newColleague(api, await colleague('A0002'), { staff_no, role: 'teller' });
  await page.goto(`/staff?q=${staff_no}`);
  const row = rowsOf(page, '员工').filter({ hasText: staff_no });
  await pick(page, row.getByRole('button'), '重置密码');
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  const shown = page.getByRole('dialog', { name: '初始密码' });
  const fresh = (await shown.locator('.initial-password').textContent()) ?? '';
  expect(fresh).not.toBe(old);
  const status = async (password: string) =>
    (await request.post('/api/v1/auth/login', { data: { staff_no, password } })).status();
  expect(await status(old)).toBe(401);
  expect(await status(fresh)).toBe(200);
});

test('a branch manager sees the staff of the branch but may not change them', async ({ page, signIn }) => {
  await signIn('B0001');
  await page.goto('/staff');
  await expect(rowsOf(page, '员工').first()).toBeVisible();
  await expect(page.getByRole('button', { name: '新增员工' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /的操作$/ })).toHaveCount(0);
});

test('the branch tree folds, unfolds and is searched with the ancestors of what is found', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  await page.goto('/branches');
  const rows = rowsOf(page, '网点');
  const branch = rows.filter({ hasText: '上海浦东支行' });
  await expect(branch).toBeVisible();
  await page.getByRole('button', { name: '收起 上海分行' }).click();
  await expect(branch).toHaveCount(0);
  await page.getByRole('button', { name: '展开 上海分行' }).click();
  await expect(branch).toBeVisible();
  await page.getByRole('textbox', { name: '名称或代码' }).fill('浦东');
  await expect(rows.locator('b')).toHaveText(['总行', '上海分行', '上海浦东支行']);
});

test('an administrator opens a branch under a city, renames it and closes it', async ({ page, signIn }) => {
  await signIn('A0001');
  const code = `E${digits(7)}`;
  await page.goto('/branches');
  await expect(heading(page, '网点')).toBeVisible();
  await pick(page, page.getByRole('button', { name: '上海分行 的操作' }), '在其下新增');
  const dialog = page.getByRole('dialog', { name: '新增机构' });
  await dialog.getByLabel('机构代码').fill(code);
  await dialog.getByLabel('名称').fill(`试点${code}支行`);
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByRole('textbox', { name: '名称或代码' }).fill(code);
  const row = rowsOf(page, '网点').filter({ hasText: code });
  await expect(row).toContainText('营业');
  await pick(page, row.getByRole('button'), '编辑');
  const edit = page.getByRole('dialog', { name: '编辑机构' });
  await edit.getByLabel('名称').fill(`滨江${code}支行`);
  await edit.getByRole('button', { name: '保存' }).click();
  await expect(row).toContainText(`滨江${code}支行`);
  await pick(page, row.getByRole('button'), '停业');
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await expect(row).toContainText('停业');
});

test('the jobs page filters by status in the address', async ({ page, signIn }) => {
  await signIn('A0001');
  await page.goto('/jobs');
  await expect(heading(page, '任务与导入')).toBeVisible();
  await expect(rowsOf(page, '任务与导入').first().or(page.getByText('还没有任务'))).toBeVisible();
  await choose(page, page.getByRole('combobox', { name: '状态' }), '失败');
  await expect(page).toHaveURL(/status=failed/);
  await page.reload();
  await expect(page.getByText('没有符合条件的任务').or(rowsOf(page, '任务与导入').first())).toBeVisible();
  for (const text of await rowsOf(page, '任务与导入').allTextContents()) expect(text).toContain('失败');
});

test('what is done leaves a line in the audit log, which can be opened and filtered', async ({
  page,
  signIn,
}) => {
  await signIn('U0001');
  await page.goto('/audit');
  await settled(page);
  await choose(page, page.getByRole('combobox', { name: '操作' }), '登录');
  await expect(page).toHaveURL(/action=sessions\.sign_in/);
  const rows = rowsOf(page, '审计日志');
  await expect(rows.first()).toContainText('登录');
  await expect(rows.filter({ hasText: 'U0001' }).first()).toContainText('成功');
  await rows.first().getByRole('button').click();
  await expect(page.getByRole('dialog', { name: '审计记录' })).toContainText('追踪号');
});
