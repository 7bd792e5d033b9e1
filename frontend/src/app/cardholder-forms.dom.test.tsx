import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder as sample } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

beforeEach(() => {
  server.use(...bank());
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
});

const lists = '*/api/v1/cardholders';
const one = `${lists}/${sample.cardholder_id}`;

describe('creating a cardholder', () => {
  it('puts the server’s faults on their fields', async () => {
    const user = userEvent.setup();
    server.use(
      http.post(lists, () =>
        problem(422, 'cardholders.invalid', {
          errors: [
            { pointer: '/phones/0/number', code: 'phone.unknown_prefix', message: '号段不存在', params: {} },
            { pointer: '/somewhere', code: 'x', message: '整体有误', params: {} },
          ],
        }),
      ),
    );
    await openApp('/cardholders/new');
    await user.type(await screen.findByLabelText(/号码\*$/, {}, { timeout: 10_000 }), '13800005678');
    await user.click(screen.getAllByRole('button', { name: '建立客户' })[0] as HTMLElement);
    const alert = await screen.findByText('有 2 处需要修改');
    expect(alert.closest('[role=alert]')).toHaveTextContent('整体有误');
    // The sentence grows in; it is visible once it has.
    await waitFor(() => expect(screen.getByText('号段不存在')).toBeVisible());
  });

  it('shows who it may already be and creates with a reason', async () => {
    const user = userEvent.setup();
    const sent: { duplicate_override_reason?: string }[] = [];
    server.use(
      http.post(lists, async ({ request }) => {
        const body = (await request.json()) as { duplicate_override_reason?: string };
        sent.push(body);
        if (!body.duplicate_override_reason)
          return problem(409, 'cardholders.possible_duplicate', {
            params: { candidates: [{ ...sample, matched_by: 'phone_and_name' }], hidden_count: 2 },
          });
        return HttpResponse.json({ cardholder: sample, warnings: [] }, { status: 201 });
      }),
    );
    await openApp('/cardholders/new');
    await user.type(await screen.findByLabelText(/号码\*$/, {}, { timeout: 10_000 }), '13800005678');
    await user.click(screen.getAllByRole('button', { name: '建立客户' })[0] as HTMLElement);
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('电话与姓名相同');
    expect(dialog).toHaveTextContent('另有 2 位疑似客户');
    await user.type(within(dialog).getByRole('textbox'), '双胞胎姐妹');
    await user.click(within(dialog).getByRole('button', { name: '确认不是同一人，继续新建' }));
    expect(
      await screen.findByRole('heading', { level: 1, name: /沈嘉怡/ }, { timeout: 10_000 }),
    ).toBeVisible();
    expect(sent.at(-1)?.duplicate_override_reason).toBe('双胞胎姐妹');
  });
});

describe('editing a record that somebody else has just saved', () => {
  it('shows both values and saves over the latest version when asked to', async () => {
    const user = userEvent.setup();
    const latest = { ...sample, version: sample.version + 1, occupation: '财务经理' };
    let stored = sample;
    const attempts: [string | null, unknown][] = [];
    server.use(
      http.get(one, () => HttpResponse.json(stored)),
      http.patch(one, async ({ request }) => {
        const version = request.headers.get('If-Match');
        attempts.push([version, await request.json()]);
        stored = latest;
        return version === `"${latest.version}"`
          ? HttpResponse.json(latest)
          : problem(412, 'cardholders.stale');
      }),
    );
    await openApp(`/cardholders/${sample.cardholder_id}/edit`);
    const occupation = await screen.findByLabelText('职业', {}, { timeout: 10_000 });
    await user.clear(occupation);
    await user.type(occupation, '出纳');
    await user.click(screen.getAllByRole('button', { name: '保存修改' })[0] as HTMLElement);
    const dialog = await screen.findByRole('dialog');
    const row = within(dialog).getByRole('row', { name: /职业/ });
    expect(row).toHaveTextContent('财务经理');
    expect(row).toHaveTextContent('出纳');
    await user.click(within(dialog).getByRole('button', { name: '保留我的填写，基于最新版本保存' }));
    expect(
      await screen.findByRole('heading', { level: 1, name: /沈嘉怡/ }, { timeout: 10_000 }),
    ).toBeVisible();
    expect(attempts).toEqual([
      ['"3"', { occupation: '出纳' }],
      ['"4"', { occupation: '出纳' }],
    ]);
  });

  it('shows an income as money and a nationality by its name', async () => {
    const user = userEvent.setup();
    const income = { yearly_income_minor: 5_000_000, yearly_income_currency: 'USD' };
    const latest = { ...sample, ...income, nationality: 'SG', version: sample.version + 1 };
    let stored = sample;
    server.use(
      http.get(one, () => HttpResponse.json(stored)),
      http.patch(one, () => {
        stored = latest;
        return problem(412, 'cardholders.stale');
      }),
    );
    await openApp(`/cardholders/${sample.cardholder_id}/edit`);
    const field = await screen.findByLabelText('年收入', {}, { timeout: 10_000 });
    await user.clear(field);
    await user.type(field, '360000');
    await user.click(screen.getAllByRole('button', { name: '保存修改' })[0] as HTMLElement);
    const dialog = await screen.findByRole('dialog');
    const row = within(dialog).getByRole('row', { name: /年收入/ });
    expect(row).toHaveTextContent('US$50,000.00');
    expect(row).toHaveTextContent('¥360,000.00');
    expect(within(dialog).getByRole('row', { name: /国籍/ })).toHaveTextContent('新加坡');
  });
});
