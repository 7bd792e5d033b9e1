import type { TFunction } from 'i18next';
import { expect, it } from 'vitest';
import { notesOf } from './notes';

const t = ((key: string, values?: object) =>
  `${key.split('.').at(-1)} ${JSON.stringify(values)}`) as unknown as TFunction;

it('says what a row is about from its parameters', () => {
  expect(notesOf('past_due', { days_past_due: 41, billed_minor: 123_400, currency: 'CNY' }, t)).toEqual([
    'days_past_due {"n":41}',
    '¥1,234.00',
  ]);
  expect(notesOf('birthdays_this_week', { birth_on: '1988-03-14', opened_on: '2014-06-02' }, t)).toEqual([
    'birthday {"on":"03-14"}',
  ]);
  expect(notesOf('frozen_cards', { last_four: '4471', frozen_at: '2026-11-19T16:30:00Z' }, t)).toEqual([
    'frozen {"tail":"4471","on":"2026-11-20"}',
  ]);
});
it('says nothing of what it does not know', () => {
  expect(notesOf('recently_opened', { novelty: 1 }, t)).toEqual([]);
});
