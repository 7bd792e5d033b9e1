import { expect, it } from 'vitest';
import { bytes, readQuery } from './codes';

it('writes sizes shortly', () => {
  expect([0, 1023, 1024, 1_500_000, 300 * 1024 * 1024].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KB',
    '1.4 MB',
    '300 MB',
  ]);
});

it('reads a filter out of an address and nothing else', () => {
  expect(readQuery('{"age_min":30,"lifecycle":"active"}')).toEqual({ age_min: 30, lifecycle: 'active' });
  for (const odd of [undefined, '', '{', '[1]', '7', 'null']) expect(readQuery(odd)).toEqual({});
});
