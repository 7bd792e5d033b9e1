import { expect, heading, test } from './bank';
import { digits, newName, newPhone } from './people';

const FIELD = '网点（代码或名称）';

test('a file is dropped, tried, corrected and imported, and its people are found', async ({
  page,
  signIn,
}) => {
  const api = await signIn('B0001');
  const branches = await api.get<{ items: { branch_id: string; code: string }[] }>('/branches');
  const code = branches.items.find(({ branch_id }) => branch_id === api.me.branch_id)?.code ?? '';
  const [good, bad, phone, mark] = [newName(), newName(), newPhone(), digits(8)];
  // Named anew each time: what was meant by a file's columns is remembered. In letters: a name with as many digits is none.
  const key = `序${[...mark].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;
  const lines = [
    `${key},称呼,手机号,机构所在`,
    `${mark}-1,${good},${phone},${code}`,
    `${mark}-2,${bad},12,${code}`,
  ];
  await page.goto('/imports');
  await expect(heading(page, '导入')).toBeVisible();
  await page.locator('input[type=file]').setInputFiles({
    name: `people-${mark}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`${lines.join('\n')}\n`),
  });
  await expect(heading(page, `people-${mark}.csv`)).toBeVisible();
  await expect(page.getByRole('cell', { name: good })).toBeVisible();
  const choose = async (field: string, column: string) => {
    await page.getByRole('combobox', { name: field, exact: true }).click();
    const options = page.locator('.ant-select-dropdown:visible');
    await options.getByTitle(column, { exact: true }).click();
    // A list that is still closing would stand in the way of the next.
    await expect(options).toHaveCount(0);
  };
  await expect(page.getByRole('button', { name: '试运行' })).toBeDisabled();
  await choose('外部编号 / 流水号', key);
  await choose('姓名', '称呼');
  await choose(FIELD, '机构所在');
  await page.getByRole('button', { name: '试运行' }).click();
  await expect(page.getByText('1 行有误，没有导入任何内容')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('row', { name: '3 手机号 电话号码无效' })).toBeVisible();

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载退回清单' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe(`people-${mark}-errors.csv`);
  await page.getByRole('checkbox', { name: /跳过有误的行/ }).check();
  await page.getByRole('button', { name: '正式导入' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '正式导入' }).click();
  await expect(page.getByText('已导入：新增 1 行，0 行已存在')).toBeVisible({ timeout: 20_000 });

  // The same names of columns: what was meant is known.
  const corrected = [lines[0], `${mark}-2,${bad},${newPhone()},${code}`].join('\n');
  await page.goto('/imports');
  await page.locator('input[type=file]').setInputFiles({
    name: 'corrected.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`${corrected}\n`),
  });
  await expect(heading(page, 'corrected.csv')).toBeVisible();
  await page.getByRole('button', { name: '正式导入' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '正式导入' }).click();
  await expect(page.getByText('已导入：新增 1 行，0 行已存在')).toBeVisible({ timeout: 20_000 });
  for (const name of [good, bad]) {
    const found = await api.post<{ items: { name: string }[] }>('/cardholders/search', { q: name });
    expect(found.items.map((one) => one.name)).toEqual([name]);
  }
});

test('an inbox that is open learns of what waits without asking', async ({ page, signIn, colleague }) => {
  const manager = await signIn('B0001');
  const teller = await colleague('T0001');
  await page.goto('/approvals');
  await expect(heading(page, '审批中心')).toBeVisible();
  const created = await teller.post<{ cardholder: { cardholder_id: string; customer_no: string } }>(
    '/cardholders',
    {
      name: newName(),
      branch_id: teller.me.branch_id,
      phones: [{ kind: 'mobile', number: newPhone(), is_primary: true }],
    },
  );
  const { cardholder_id, customer_no } = created.cardholder;
  const phone = { kind: 'mobile', number: newPhone(), is_primary: true };
  await teller.post(`/cardholders/${cardholder_id}/phones`, phone);
  expect(manager.me.staff_no).toBe('B0001');
  await expect(page.getByRole('listitem').filter({ hasText: customer_no })).toBeVisible();
});
