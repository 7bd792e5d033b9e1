import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { useSession } from '@/api/session';
import { bank } from '@/test/bank';
import { openApp } from '@/test/render-app';
import { sampleCardholder, sampleMe } from '@/test/samples';
import { server } from '@/test/setup-dom';
import { queryClient } from './query-client';

const SLOW = { timeout: 10_000 };

beforeEach(() => {
  queryClient.clear();
  useSession.setState({ phase: 'unknown', me: null });
  server.use(...bank({ permissions: [...sampleMe.permissions, 'staff:read'] }));
  server.use(http.get('*/api/v1/staff', () => HttpResponse.json({ items: [], next: null })));
});

describe('a search box takes no more than the server does', () => {
  it('in the list of cardholders and in the palette', async () => {
    await openApp('/cardholders');
    const list = await screen.findByRole('textbox', { name: /^姓名 \/ 拼音/ }, SLOW);
    expect(list).toHaveAttribute('maxlength', '80');
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(await screen.findByRole('combobox', { name: '快速查找' }, SLOW)).toHaveAttribute(
      'maxlength',
      '80',
    );
  });

  it('in the list of staff', async () => {
    await openApp('/staff');
    const list = await screen.findByRole('textbox', { name: '姓名或行员号' }, SLOW);
    expect(list).toHaveAttribute('maxlength', '40');
  });

  it('where a merge looks by itself for who has the same name', async () => {
    const asked: string[] = [];
    const long = '𠮷'.repeat(90);
    server.use(
      http.get(`*/api/v1/cardholders/${sampleCardholder.cardholder_id}`, () =>
        HttpResponse.json({ ...sampleCardholder, name: long }),
      ),
      http.post('*/api/v1/cardholders/search', async ({ request }) => {
        asked.push(((await request.json()) as { q: string }).q);
        return HttpResponse.json({ items: [], next: null });
      }),
    );
    await openApp(`/cardholders/${sampleCardholder.cardholder_id}/merge`);
    await screen.findByText('没有找到其他记录', {}, SLOW);
    expect(asked).toEqual(['𠮷'.repeat(80)]);
  });
});
