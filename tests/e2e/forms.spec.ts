import type { Cardholder } from './api';
import { expect, heading, test } from './bank';
import { newCardholder, newName, newPhone } from './people';

test('faults seen before sending keep the form and ask the server for nothing', async ({ page, signIn }) => {
  await signIn('T0001');
  await page.goto('/cardholders/new');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.getByRole('textbox', { name: '证件号码' }).fill('110101199003070010');
  await page.getByRole('textbox', { name: /^号码/ }).fill('abc');
  await page.getByRole('button', { name: '建立客户' }).first().click();
  await expect(page.getByText('校验位不正确，请核对号码')).toBeVisible();
  await expect(page.getByText('请输入有效的电话号码')).toBeVisible();
  expect(sent).not.toContain('POST /api/v1/cardholders');
});

test('faults that only the server knows stand at their fields, in words, and go when they are mended', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  const name = newName();
  const phone = newPhone();
  await page.goto('/cardholders/new');
  await page.getByRole('textbox', { name: '姓名' }).fill(name);
  const occupation = page.getByRole('textbox', { name: '职业' });
  await occupation.fill('持卡 4111 1111 1111 1111');
  const numbers = page.getByRole('textbox', { name: /^号码/ });
  await numbers.fill(phone);
  const submit = page.getByRole('button', { name: '建立客户' }).first();
  await submit.click();
  await expect(occupation).toHaveAccessibleDescription('不能填写银行卡号');
  await expect(occupation).toBeFocused();
  await expect(page.getByRole('alert').filter({ hasText: '有 1 处需要修改' })).toBeVisible();

  await occupation.fill('厨师');
  await page.getByRole('button', { name: '添加电话' }).click();
  await numbers.nth(1).fill(phone);
  await submit.click();
  await expect(numbers.nth(1)).toHaveAccessibleDescription('已登记过相同的联系方式');
  await expect(numbers.nth(0)).not.toHaveAccessibleDescription(/./);
  await numbers.nth(1).fill(newPhone());
  await submit.click();
  await expect(heading(page, new RegExp(name))).toBeVisible();
});

test('a new cardholder who may be an old one is shown, and created all the same with a reason', async ({
  page,
  signIn,
}) => {
  const api = await signIn('T0001');
  const { cardholder, phone } = await newCardholder(api);
  await page.goto('/cardholders/new');
  await page.getByRole('textbox', { name: '姓名' }).fill(cardholder.name);
  await page.getByRole('textbox', { name: '职业' }).fill('厨师');
  await page.getByRole('textbox', { name: /^号码/ }).fill(phone);
  await page.getByRole('button', { name: '建立客户' }).first().click();
  const dialog = page.getByRole('dialog', { name: '可能已有此客户' });
  await expect(dialog).toContainText(cardholder.customer_no);
  await expect(dialog).toContainText('电话与姓名相同');
  const anyway = dialog.getByRole('button', { name: '确认不是同一人，继续新建' });
  await anyway.click();
  await expect(dialog.getByText('请填写此项')).toBeVisible();
  await dialog.getByLabel('不是同一人的原因').fill('同名同号的父子');
  await anyway.click();
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  await expect(page).not.toHaveURL(new RegExp(cardholder.cardholder_id));
  await expect(page.getByRole('region', { name: '基本信息' })).toContainText('厨师');
});

test('a resident ID fills in birth date and gender, and pinyin is made from the name', async ({
  page,
  signIn,
}) => {
  await signIn('T0001');
  const name = newName();
  const number = residentId();
  await page.goto('/cardholders/new');
  await page.getByRole('textbox', { name: '姓名' }).fill(name);
  await page.getByRole('textbox', { name: '证件号码' }).fill(number);
  await page.getByRole('textbox', { name: /^号码/ }).fill(newPhone());
  await expect(page.getByText('已按身份证号填入出生日期和性别')).toBeVisible();
  await page.getByRole('button', { name: '建立客户' }).first().click();
  await expect(heading(page, new RegExp(name))).toBeVisible();
  const profile = page.getByRole('region', { name: '基本信息' });
  await expect(profile).toContainText(
    `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`,
  );
  await expect(profile).toContainText(Number(number[16]) % 2 === 1 ? '男' : '女');
  await expect(profile).toContainText(/拼音[a-z ]{6,}/);
  await expect(page.locator('main')).not.toContainText(number);
});

/** A number of the region code that no place has, with its checksum. */
function residentId(): string {
  const day = String(1 + Math.floor(Math.random() * 28)).padStart(2, '0');
  const serial = String(Math.floor(Math.random() * 1000)).padStart(3, '0');
  const body = `0000001${900 + Math.floor(Math.random() * 90)}05${day}${serial}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}

test('saving over somebody else’s change shows both and keeps what the person decides', async ({
  page,
  signIn,
  colleague,
}) => {
  const api = await signIn('T0001');
  const { cardholder } = await newCardholder(api, { occupation: '教师', employer: '第一中学' });
  const path = `/cardholders/${cardholder.cardholder_id}`;
  await page.goto(`${path}/edit`);
  await page.getByRole('textbox', { name: '职业' }).fill('校长');
  const manager = await colleague('B0001');
  await manager.patch(path, cardholder.version, { occupation: '教导主任', employer: '第二中学' });

  await page.getByRole('button', { name: '保存修改' }).first().click();
  const dialog = page.getByRole('dialog', { name: '这条记录刚被他人修改' });
  await expect(dialog.getByRole('row', { name: /职业/ })).toContainText('教导主任');
  await expect(dialog.getByRole('row', { name: /职业/ })).toContainText('校长');
  await expect(dialog.getByRole('row', { name: /工作单位/ })).toContainText('未改动');
  await dialog.getByRole('button', { name: '保留我的填写，基于最新版本保存' }).click();
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  const now = await api.get<Cardholder & { occupation: string; employer: string }>(path);
  expect([now.occupation, now.employer]).toEqual(['校长', '第二中学']);
});

test('after a conflict the latest content can be loaded instead', async ({ page, signIn, colleague }) => {
  const api = await signIn('T0001');
  const { cardholder } = await newCardholder(api, { occupation: '教师' });
  const path = `/cardholders/${cardholder.cardholder_id}`;
  await page.goto(`${path}/edit`);
  await page.getByRole('textbox', { name: '职业' }).fill('校长');
  await (await colleague('B0001')).patch(path, cardholder.version, { occupation: '教导主任' });
  await page.getByRole('button', { name: '保存修改' }).first().click();
  await page.getByRole('button', { name: '载入最新内容' }).click();
  await expect(page.getByRole('textbox', { name: '职业' })).toHaveValue('教导主任');
  await page.getByRole('textbox', { name: '职业' }).fill('校长');
  await page.getByRole('button', { name: '保存修改' }).first().click();
  await expect(page.getByRole('region', { name: '变更历史' })).toContainText('职业: 教导主任 → 校长');
});

test('leaving a form with unsaved entries asks first', async ({ page, signIn }) => {
  const { cardholder } = await newCardholder(await signIn('T0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}/edit`);
  await page.getByRole('textbox', { name: '职业' }).fill('校长');
  await page.getByRole('link', { name: '网点' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '继续填写' }).click();
  await expect(page.getByRole('textbox', { name: '职业' })).toHaveValue('校长');
  await page.getByRole('link', { name: '网点' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '放弃修改' }).click();
  await expect(heading(page, '网点')).toBeVisible();
});
