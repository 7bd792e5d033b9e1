import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Permission, useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder as sample, sampleGrant } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const TELLER: Permission[] = ['cardholders:read', 'cardholders:write', 'break_glass:read', 'break_glass:use'];
const SLOW = { timeout: 10_000 };
const grants = '*/api/v1/break_glass_grants';
const record = `*/api/v1/cardholders/${sample.cardholder_id}`;
const path = `/cardholders/${sample.cardholder_id}`;
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

beforeEach(() => {
  server.use(...bank({ permissions: TELLER }));
  server.use(http.get(grants, () => HttpResponse.json({ items: [], next: null })));
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

describe('a record out of reach', () => {
  it('is opened with a reason, read under a banner, and closed again', async () => {
    const user = userEvent.setup();
    const sent: unknown[] = [];
    let isOpen = false;
    server.use(
      http.get(record, () => (isOpen ? HttpResponse.json(sample) : problem(404, 'cardholders.missing'))),
      http.post(grants, async ({ request }) => {
        sent.push(await request.json());
        isOpen = true;
        return HttpResponse.json({ ...sampleGrant, ends_at: minutesFromNow(30) }, { status: 201 });
      }),
      http.post(`${grants}/${sampleGrant.grant_id}/close`, () => {
        isOpen = false;
        return HttpResponse.json({ ...sampleGrant, ends_at: minutesFromNow(0) });
      }),
    );
    await openApp(path);
    await user.click(await screen.findByRole('button', { name: '应急查阅客户' }, SLOW));
    const dialog = await screen.findByRole('dialog', {}, SLOW);
    await user.type(within(dialog).getByLabelText('客户号'), 'c10028341');
    await user.click(within(dialog).getByLabelText('事由'));
    await user.click(await screen.findByText('客户在本网点办理'));
    const note = within(dialog).getByLabelText('说明');
    await user.type(note, '太短');
    await user.click(within(dialog).getByRole('button', { name: '开始查阅' }));
    expect(await within(dialog).findByText('至少 10 个字符')).toBeInTheDocument();
    expect(sent).toEqual([]);
    await user.clear(note);
    await user.type(note, sampleGrant.note);
    await user.click(within(dialog).getByRole('button', { name: '开始查阅' }));

    const banner = await screen.findByRole('region', { name: '应急查阅' }, SLOW);
    expect(sent).toEqual([
      { customer_no: 'C10028341', reason: 'walk_in', note: sampleGrant.note, minutes: 60 },
    ]);
    expect(banner).toHaveTextContent(/至 \d\d:\d\d，仅供查阅/);
    expect(banner).toHaveTextContent(/剩余 (29 分 5\d 秒|30 分 00 秒)/);
    expect(screen.getByRole('heading', { level: 1, name: /沈嘉怡/ })).toBeVisible();
    expect(screen.queryByRole('link', { name: '编辑' })).toBeNull();
    expect(screen.queryByRole('button', { name: '添加联系方式' })).toBeNull();

    await user.click(within(banner).getByRole('button', { name: '立即结束' }));
    expect(await screen.findByRole('heading', { level: 1, name: '应急查阅' }, SLOW)).toBeVisible();
    expect(queryClient.getQueryData(['cardholders', sample.cardholder_id, 'profile'])).toBeUndefined();
  });
});

describe('the way to a record out of reach', () => {
  it('says what the server refuses and keeps what was entered', async () => {
    const user = userEvent.setup();
    server.use(
      http.get(record, () => problem(404, 'cardholders.missing')),
      http.post(grants, () => problem(404, 'break_glass.missing')),
    );
    await openApp(path);
    await user.click(await screen.findByRole('button', { name: '应急查阅客户' }, SLOW));
    const dialog = await screen.findByRole('dialog', {}, SLOW);
    await user.type(within(dialog).getByLabelText('客户号'), 'C99999999');
    await user.click(within(dialog).getByLabelText('事由'));
    await user.click(await screen.findByText('投诉处理'));
    await user.type(within(dialog).getByLabelText('说明'), sampleGrant.note);
    await user.click(within(dialog).getByRole('button', { name: '开始查阅' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('没有客户使用此客户号');
    expect(within(dialog).getByLabelText('客户号')).toHaveValue('C99999999');
  });

  it('comes up for reading alone after a reload, and can be changed again by whoever reaches it', async () => {
    server.use(
      http.get(grants, () =>
        HttpResponse.json({ items: [{ ...sampleGrant, ends_at: minutesFromNow(5) }], next: null }),
      ),
    );
    await openApp(path);
    expect(await screen.findByRole('region', { name: '应急查阅' }, SLOW)).toBeVisible();
    expect(screen.queryByRole('link', { name: '编辑' })).toBeNull();
  });

  it('is not offered to roles that may not break the glass', async () => {
    server.use(...bank({ permissions: ['cardholders:read'] }));
    server.use(http.get(record, () => problem(404, 'cardholders.missing')));
    await openApp(path);
    expect(await screen.findByRole('heading', { level: 1, name: '没有找到' }, SLOW)).toBeVisible();
    expect(screen.queryByRole('button', { name: '应急查阅客户' })).toBeNull();
  });
});

describe('the cardholder list of a role that is shown nothing personal', () => {
  it('offers neither the columns nor the filters of what it does not see', async () => {
    const user = userEvent.setup();
    server.use(...bank({ permissions: ['cardholders:read'], classes: ['open'], role: 'marketer' }));
    await openApp('/cardholders');
    const table = await screen.findByRole('region', { name: '持卡人' }, SLOW);
    const heads = within(table)
      .getAllByRole('columnheader')
      .map((head) => head.textContent);
    expect(heads).toEqual(['客户', '状态', '归属网点', '客户经理', '开户日期']);
    await user.click(screen.getByRole('button', { name: '更多筛选' }));
    expect(await screen.findByText('持有产品')).toBeInTheDocument();
    for (const label of ['性别', '年龄', '职业']) expect(screen.queryByText(label)).toBeNull();
  });

  it('shows a lock in place of a value that a row withholds', async () => {
    const row = { ...sample, gender: null, occupation: null, withheld: ['gender', 'occupation'] };
    server.use(
      http.get('*/api/v1/cardholders', () => HttpResponse.json({ items: [row], next: null, count: 1 })),
    );
    await openApp('/cardholders');
    const table = await screen.findByRole('region', { name: '持卡人' }, SLOW);
    await waitFor(() => expect(within(table).getAllByText('无权查看')).toHaveLength(2));
  });
});
