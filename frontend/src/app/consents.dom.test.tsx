import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank, problem } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder, sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const path = `/cardholders/${sampleCardholder.cardholder_id}`;
const at = (rest: string) => `*/api/v1${path}${rest}`;
const SLOW = { timeout: 10_000 };
const teller = {
  permissions: [
    ...sampleMe.permissions,
    'transactions:read' as const,
    'consents:read' as const,
    'consents:write' as const,
  ],
};

const preferences = {
  is_do_not_contact: false,
  is_personalisation_refused: false,
  quiet_from_minute: null,
  quiet_to_minute: null,
  utc_offset_minutes: null,
  version: 4,
  changed_by: null,
  changed_at: '2026-11-02T01:00:00Z',
};
const text = {
  text_id: '019a4000-0000-7000-8000-000000000001',
  purpose: 'marketing',
  version: 2,
  body_zh: '我同意银行向我介绍产品。',
  body_en: 'I agree to hear of products.',
  published_by: null,
  published_at: '2026-11-02T01:00:00Z',
};
const consent = {
  consent_id: '019a4000-0000-7000-8000-000000000002',
  purpose: 'marketing',
  channel: 'sms',
  decision: 'granted',
  text_id: text.text_id,
  text_version: 2,
  evidence: 'signed_form',
  evidence_note: '档号 118',
  staff_id: null,
  staff_name: '何敏',
  recorded_at: '2026-11-02T01:00:00Z',
};
const decision = {
  channel: 'phone',
  purpose: 'service',
  decided_at: '2026-11-02T14:00:00Z',
  ruling: 'deny',
  decided_by: 'quiet_hours',
  rules: [
    { rule: 'do_not_contact', ruling: 'allow', reason: 'not_wished', allowed_from_at: null },
    { rule: 'quiet_hours', ruling: 'deny', reason: 'quiet_hours', allowed_from_at: '2026-11-03T00:00:00Z' },
  ],
};

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
  server.use(...bank(teller));
  server.use(
    http.get(at('/consents'), () =>
      HttpResponse.json({ preferences, standing: [], history: [] }, { headers: { ETag: '"4"' } }),
    ),
    http.get('*/api/v1/consent_texts', () => HttpResponse.json({ items: [text] })),
    http.get(at('/contact-decision'), () => HttpResponse.json(decision)),
  );
});

it('records a consent to the text in force and takes it back as easily', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  const granted = { preferences, standing: [consent], history: [consent] };
  server.use(
    http.post(at('/consents'), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(granted);
    }),
    http.post(at('/consents/withdraw'), async ({ request }) => {
      sent.push(await request.json());
      const back = { ...consent, decision: 'withdrawn', text_version: null };
      return HttpResponse.json({ preferences, standing: [back], history: [back, consent] });
    }),
  );
  await openApp(`${path}?tab=consents`);
  await user.click(await screen.findByTitle('产品与优惠推介 · 短信: 未征求', {}, SLOW));
  let dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('我同意银行向我介绍产品。')).toBeInTheDocument();
  await user.click(within(dialog).getByRole('button', { name: '登记同意' }));
  await user.click(await screen.findByTitle('产品与优惠推介 · 短信: 已同意'));
  dialog = (await screen.findAllByRole('dialog')).at(-1) as HTMLElement;
  await user.click(within(dialog).getByRole('button', { name: '撤回同意' }));
  await waitFor(() => expect(sent).toHaveLength(2));
  const what = { purpose: 'marketing', channels: ['sms'], evidence: 'at_the_counter' };
  expect(sent).toEqual([{ ...what, text_id: text.text_id }, what]);
  expect(await screen.findByTitle('产品与优惠推介 · 短信: 已撤回')).toBeVisible();
});

it('tells whether they may be contacted, by which rule and from when on', async () => {
  await openApp(`${path}?tab=consents`);
  const told = await screen.findByText('不可联系', {}, SLOW);
  const check = told.closest('[role=status]') as HTMLElement;
  const rule = within(check).getByText('正值安静时段').closest('li') as HTMLElement;
  expect(rule).toHaveTextContent('由此决定');
  expect(rule).toHaveTextContent('后可以');
});

it('switches a wish under the version that was read, and says when somebody was faster', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(
    http.patch(at('/contact_preferences'), async ({ request }) => {
      sent.push([request.headers.get('If-Match'), await request.json()]);
      return problem(412, 'request.stale');
    }),
  );
  await openApp(`${path}?tab=consents`);
  await user.click(await screen.findByRole('switch', { name: '免打扰' }, SLOW));
  await waitFor(() => expect(sent).toEqual([['"4"', { is_do_not_contact: true }]]));
  expect(await screen.findByRole('alert')).toBeVisible();
});

it('offers no change to those who may only look', async () => {
  server.use(...bank({ permissions: teller.permissions.filter((one) => one !== 'consents:write') }));
  server.use(
    http.get(at('/consents'), () =>
      HttpResponse.json({ preferences, standing: [consent], history: [consent] }),
    ),
    http.get(at('/contact-decision'), () => HttpResponse.json(decision)),
  );
  await openApp(`${path}?tab=consents`);
  expect(await screen.findByText('签字授权书 · 文本第 2 版 · 档号 118', {}, SLOW)).toBeVisible();
  expect(screen.getByRole('switch', { name: '免打扰' })).toBeDisabled();
  expect(screen.queryByRole('button', { name: /产品与优惠推介/ })).toBeNull();
});

it('publishes the next version of a text, in both languages', async () => {
  const user = userEvent.setup();
  const sent: unknown[] = [];
  server.use(...bank({ permissions: [...sampleMe.permissions, 'consents:read', 'consent_texts:write'] }));
  server.use(
    http.get('*/api/v1/consent_texts', () => HttpResponse.json({ items: [text] })),
    http.post('*/api/v1/consent_texts', async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...text, version: 3 }, { status: 201 });
    }),
  );
  await openApp('/consent_texts');
  expect(await screen.findByText('我同意银行向我介绍产品。', {}, SLOW)).toBeVisible();
  await user.click(screen.getByRole('button', { name: '发布新版本: 产品与优惠推介' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('中文'), '我同意接收产品介绍与优惠。');
  await user.type(within(dialog).getByLabelText('英文'), 'I agree to it.');
  await user.click(within(dialog).getByRole('button', { name: /发\s?布$/ }));
  await waitFor(() =>
    expect(sent).toEqual([
      { purpose: 'marketing', body_zh: '我同意接收产品介绍与优惠。', body_en: 'I agree to it.' },
    ]),
  );
});
