import type { Api, Page as ApiPage, Card, Cardholder } from './api';
import { choose, expect, heading, pick, rowsOf, settled, test } from './bank';
import { newCardholder } from './people';

interface Rich {
  cardholder: Cardholder;
  accounts: { account_id: string; account_no: string; product_name_zh: string }[];
}

/** Somebody with accounts, purchases and statements; the sandbox has many. */
async function richCardholder(api: Api): Promise<Rich> {
  const { items } = await api.get<ApiPage<Cardholder>>(
    '/cardholders?holds_product=credit_card&sort=opened_on&limit=30',
  );
  for (const cardholder of items) {
    const path = `/cardholders/${cardholder.cardholder_id}`;
    const [statements, purchases, accounts] = await Promise.all([
      api.get<ApiPage<object>>(`${path}/statements?limit=1`),
      api.get<ApiPage<object>>(`${path}/transactions?kind=purchase&limit=1`),
      api.get<{ items: Rich['accounts'] }>(`${path}/accounts`),
    ]);
    if (statements.items.length > 0 && purchases.items.length > 0)
      return { cardholder, accounts: accounts.items };
  }
  throw new Error('the bank has nobody with statements and purchases');
}

test('the 360 shows identity, figures, accounts, a chart, transactions and statements on one page', async ({
  page,
  signIn,
}) => {
  const { cardholder, accounts } = await richCardholder(await signIn('U0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  await expect(page.getByText(cardholder.customer_no).first()).toBeVisible();
  const panel = page.getByRole('region', { name: '账户与卡片' });
  for (const account of accounts) await expect(panel).toContainText(account.account_no);
  await expect(page.getByText('近 12 个月支出')).toBeVisible();
  const chart = page.getByRole('img', { name: /每月收入与支出/ });
  await expect(chart.locator('svg text').first()).toBeVisible();
  const transactions = rowsOf(page, '交易');
  await expect(transactions.first()).toContainText(/\d{4}-\d{2}-\d{2}/);
  await page.getByRole('tab', { name: '账单' }).click();
  await expect(page).toHaveURL(/tab=statements/);
  await expect(rowsOf(page, '账单').first()).toContainText(/[¥￥]/);
  await settled(page);
});

test('the transactions are filtered by kind, in the address, and one opens with its details', async ({
  page,
  signIn,
}) => {
  const { cardholder } = await richCardholder(await signIn('U0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  const rows = rowsOf(page, '交易');
  await expect(rows.first()).toBeVisible();
  await choose(page, page.getByRole('combobox', { name: '类型' }), '消费');
  await expect(page).toHaveURL(/kind=purchase/);
  await expect(rows.filter({ hasNotText: '消费' })).toHaveCount(0);
  await expect(rows.first()).toContainText('消费');
  await page.reload();
  await expect(rows.first()).toContainText('消费');
  await expect(rows.filter({ hasNotText: '消费' })).toHaveCount(0);
  await rows.first().getByRole('button').click();
  const detail = page.getByRole('dialog', { name: '交易详情' });
  await expect(detail).toContainText('交易时间');
  await expect(detail).toContainText('消费');
  await page.keyboard.press('Escape');
  await expect(detail).toBeHidden();
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(page).not.toHaveURL(/kind=/);
});

test('a bar of the categories filters the transactions below', async ({ page, signIn }) => {
  const { cardholder } = await richCardholder(await signIn('U0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  const categories = page.getByRole('region', { name: '支出分类' });
  await categories.getByRole('button').first().click();
  await expect(page).toHaveURL(/mcc_group=\w+/);
});

test('what changed in a record stands in its history: who, from what, to what', async ({ page, signIn }) => {
  const api = await signIn('T0001');
  const { cardholder } = await newCardholder(api, { occupation: '出纳' });
  const path = `/cardholders/${cardholder.cardholder_id}`;
  await api.patch(path, cardholder.version, { occupation: '会计' });
  await page.goto(path);
  const history = page.getByRole('region', { name: '变更历史' });
  await expect(history).toContainText('职业: 出纳 → 会计');
  await expect(history).toContainText(api.me.name);
  await expect(history).toContainText('建立客户');
});

test('a role that may not see amounts or contacts sees none', async ({ page, signIn, colleague }) => {
  const { cardholder } = await richCardholder(await colleague('K0001'));
  await signIn('M0001');
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  await expect(heading(page, new RegExp(cardholder.name))).toBeVisible();
  await settled(page);
  await expect(page.getByRole('region', { name: '账户与卡片' })).toContainText('金额不可见');
  const records = page.getByRole('region', { name: '往来记录' });
  await expect(records.getByRole('tab')).toHaveText([/^账单/, /^还款/, /^贷款/, /^定期转账/, /^同意与意愿/]);
  await expect(rowsOf(page, '账单').first()).toBeVisible();
  await expect(page.getByRole('region', { name: '联系方式' })).toContainText('无权查看');
  expect(await page.locator('main').innerText()).not.toMatch(/[¥￥]\s?\d/);
  await expect(page.getByRole('link', { name: '编辑' })).toHaveCount(0);
});

/** A teller's cardholder with a card that may be frozen. */
async function activeCard(api: Api): Promise<{ cardholder_id: string; card: Card }> {
  const { items } = await api.get<ApiPage<Cardholder>>(
    '/cardholders?lifecycle=active&sort=opened_on&limit=100',
  );
  for (const { cardholder_id } of items) {
    const cards = (await api.get<{ items: Card[] }>(`/cardholders/${cardholder_id}/cards`)).items;
    const card = cards.find(({ status, last_four }) => status === 'active' && last_four !== null);
    const alone = cards.filter(({ last_four }) => last_four === card?.last_four).length === 1;
    if (card && alone) return { cardholder_id, card };
  }
  throw new Error('the branch has no active card');
}

test('a card is frozen and unfrozen, each with a reason that has to be given', async ({ page, signIn }) => {
  const { cardholder_id, card } = await activeCard(await signIn('T0001'));
  await page.goto(`/cardholders/${cardholder_id}`);
  const line = page
    .getByRole('region', { name: '账户与卡片' })
    .locator('.account-cards li')
    .filter({ hasText: `**** ${card.last_four}` });
  await line.getByRole('button', { name: '冻结' }).click();
  const freeze = page.getByRole('dialog', { name: '冻结卡片' });
  await freeze.getByRole('button', { name: '冻结' }).click();
  await expect(freeze.getByText('请填写此项')).toBeVisible();
  await freeze.getByLabel('原因').fill('客户来电挂失');
  await freeze.getByRole('button', { name: '冻结' }).click();
  await expect(line).toContainText('已冻结');
  await expect(line).toContainText('冻结原因：客户来电挂失');
  await expect(freeze).toBeHidden();

  await line.getByRole('button', { name: '解冻' }).click();
  const unfreeze = page.getByRole('dialog', { name: '解冻卡片' });
  await unfreeze.getByLabel('原因').fill('卡片已找回');
  await unfreeze.getByRole('button', { name: '解冻' }).click();
  await expect(line).toContainText('正常');
  await expect(line.getByRole('button', { name: '冻结' })).toBeVisible();
});

test('a branch manager changes the lifecycle with a reason, and the record says so', async ({
  page,
  signIn,
}) => {
  const api = await signIn('B0001');
  const { cardholder } = await newCardholder(api);
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  await page.getByRole('button', { name: '变更状态' }).click();
  const dialog = page.getByRole('dialog', { name: '变更客户状态' });
  await choose(page, dialog.getByRole('combobox', { name: '变更为' }), '已销户');
  await expect(dialog).toContainText('销户后将不能再为此客户开立账户或发卡');
  await dialog.getByLabel('原因').fill('客户申请销户');
  await dialog.getByRole('button', { name: '变更状态' }).click();
  await expect(heading(page, new RegExp(cardholder.name))).toContainText('已销户');
  await expect(page.getByText('该客户已销户，资料仅供查阅。')).toBeVisible();
  await expect(page.getByRole('region', { name: '变更历史' })).toContainText('原因：客户申请销户');
});

test('a teller may not change the lifecycle', async ({ page, signIn }) => {
  const { cardholder } = await newCardholder(await signIn('T0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  await expect(page.getByRole('link', { name: '编辑' })).toBeVisible();
  await expect(page.getByRole('button', { name: '变更状态' })).toHaveCount(0);
});

test('a contact is added masked, made the primary one, and removed', async ({ page, signIn }) => {
  const { cardholder } = await newCardholder(await signIn('T0001'));
  await page.goto(`/cardholders/${cardholder.cardholder_id}`);
  const panel = page.getByRole('region', { name: '联系方式' });
  const lines = panel.getByRole('listitem');
  await expect(lines).toHaveCount(1);
  await pick(page, panel.getByRole('button', { name: '添加联系方式' }), '邮箱');
  const dialog = page.getByRole('dialog', { name: '添加 邮箱' });
  await dialog.getByLabel('邮箱地址').fill('someone.invented@example.com');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(lines).toHaveCount(2);
  await expect(dialog).toBeHidden();
  await expect(panel).not.toContainText('someone.invented');
  const email = lines.filter({ hasText: '个人邮箱' });
  await expect(email).toContainText('example.com');

  const menu = email.getByRole('button', { name: /的操作$/ });
  await pick(page, menu, '标记为已核实');
  await expect(email).toContainText('已核实');
  await pick(page, menu, '删除');
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  await expect(lines).toHaveCount(1);
});
