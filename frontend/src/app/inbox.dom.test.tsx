import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import type { AccessMatrix } from '@/features/access/queries';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleWorkItem as sample, sampleGrant, sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const SLOW = { timeout: 10_000 };
const items = '*/api/v1/work_items';
const other = { ...sample, item_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120031', due_at: '2099-01-01T00:00:00Z' };

beforeEach(() => {
  const permissions = ['work_items:write', 'break_glass:read', 'break_glass:review'] as const;
  server.use(
    ...bank({
      role: 'risk_manager',
      staff_id: '0190b3f4-7c1d-7a51-9f2e-0242ac120021',
      permissions: [...permissions],
    }),
    http.get(items, () => HttpResponse.json({ items: [sample, other], next: null })),
    http.get(`${items}/counts`, () =>
      HttpResponse.json({
        items: [{ kind: 'break_glass_review', open_count: 2, mine_count: 0, overdue_count: 1 }],
      }),
    ),
    http.get('*/api/v1/break_glass_grants', ({ request }) => {
      const isReviewed = new URL(request.url).searchParams.get('is_reviewed') === 'true';
      const line = { ...sampleGrant, is_reviewable: true };
      return HttpResponse.json({ items: isReviewed ? [] : [line], next: null });
    }),
  );
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

it('says how much waits, and j, k and Enter lead to the item’s own page, where it is judged', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.post(`*/api/v1/break_glass_grants/${sample.item_id}/review`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...sampleGrant, verdict: 'questionable' });
    }),
  );
  await openApp('/inbox');
  const list = await screen.findByRole('list', { name: '待办' }, SLOW);
  const rows = () => within(list).getAllByRole('listitem');
  expect(rows()[0]).toHaveTextContent('复核：T0001 应急查阅客户记录 60 分钟（客户在本网点办理）');
  await waitFor(() => expect(rows()[0]).toHaveTextContent('钱江新城支行'));
  expect(await screen.findByText('2 件待办')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /应急查阅复核 ?2.*逾期 1/ })).toBeVisible();

  await user.keyboard('jjk');
  expect(rows().map((row) => row.getAttribute('aria-current'))).toEqual(['true', null]);
  await user.keyboard('{Enter}');
  // Where nothing moves, the drawer never says that it has come in.
  await screen.findByText('查阅详情', {}, SLOW);
  const detail = screen.getByRole('dialog', { hidden: true });
  expect(detail).toHaveTextContent('持卡人在本网点柜台，卡片遗失');
  expect(location.pathname + location.search).toContain('/break_glass?');
  expect(location.search).toContain('week=2026-11-16');
  await user.click(within(detail).getByText('存疑'));
  await user.type(within(detail).getByLabelText('复核意见'), '柜台录像中无此人');
  await user.click(within(detail).getByRole('button', { name: '提交复核', hidden: true }));
  await waitFor(() => expect(sent).toEqual([{ verdict: 'questionable', review_note: '柜台录像中无此人' }]));
});

it('claims and puts back, shows what others hold, and says when nothing is left to take', async () => {
  const user = userEvent.setup();
  const mine = { ...sample, claimed_by: '0190b3f4-7c1d-7a51-9f2e-0242ac120021' };
  let held: object = sample;
  server.use(
    http.get(items, () =>
      HttpResponse.json({ items: [held, { ...other, claimed_by: sampleMe.staff_id }], next: null }),
    ),
    http.post(`${items}/break_glass_review/${sample.item_id}/claim`, () => {
      held = mine;
      return HttpResponse.json(mine);
    }),
    http.post(`${items}/break_glass_review/${sample.item_id}/release`, () => {
      held = sample;
      return problem(409, 'work_items.taken');
    }),
    http.post(`${items}/take_next`, () => problem(404, 'work_items.nothing_waits')),
  );
  await openApp('/inbox');
  await user.click(await screen.findByRole('button', { name: '认领' }, SLOW));
  expect(await screen.findByText('我处理中')).toBeVisible();
  expect(screen.getByText('他人处理中')).toBeVisible();
  await user.click(screen.getByRole('button', { name: '放回' }));
  expect(await screen.findByText('此事项已被他人认领')).toBeInTheDocument();
  await user.keyboard('t');
  expect(await screen.findByText('没有等待领取的事项')).toBeInTheDocument();
});

it('shows everybody the matrix of rights, and finds fields by name', async () => {
  const user = userEvent.setup();
  const matrix: AccessMatrix = {
    roles: [
      {
        role: 'risk_manager',
        permissions: ['cardholders:read', 'break_glass:review'],
        classes: ['open', 'personal'],
        default_scope: 'bank',
      },
      { role: 'admin', permissions: ['staff:write'], classes: ['open'], default_scope: 'bank' },
    ],
    tables: [
      { table: 'cardholders', fields: [{ field: 'age_years', class: 'personal', is_derived: true }] },
      { table: 'staff', fields: [{ field: 'password_hash', class: 'secret', is_derived: false }] },
    ],
  };
  server.use(http.get('*/api/v1/access_matrix', () => HttpResponse.json(matrix)));
  await openApp('/access');
  const table = await screen.findByRole('table', {}, SLOW);
  const row = within(table).getByRole('row', { name: /复核应急查阅/ });
  expect(
    within(row)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['有', '无']);
  await user.click(screen.getByRole('tab', { name: '字段分级' }));
  await user.type(screen.getByRole('textbox', { name: '查找表、字段或级别' }), 'age');
  expect(await screen.findByRole('region', { name: 'cardholders' })).toHaveTextContent('个人age_years *');
  await waitFor(() => expect(screen.queryByRole('region', { name: 'staff' })).toBeNull());
});
