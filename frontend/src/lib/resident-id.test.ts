import { expect, it } from 'vitest';
import { readResidentId } from './resident-id';

// Region 000000 does not exist: nobody holds these numbers.
it('reads birth date and gender from a valid number', () => {
  expect(readResidentId('000000199001010019')).toEqual('checksum');
  const valid = withCheck('00000019900101001');
  expect(readResidentId(valid)).toEqual({ birth_on: '1990-01-01', gender: 'male' });
  expect(readResidentId(withCheck('00000019850630002').toLowerCase())).toEqual({
    birth_on: '1985-06-30',
    gender: 'female',
  });
});
it('says nothing about what is no number or no day', () => {
  for (const text of [
    '',
    '123',
    'A00000199001010010',
    withCheck('00000019900230001'),
    withCheck('00000019901301001'),
  ])
    expect(readResidentId(text)).toBeNull();
});

function withCheck(first17: string): string {
  const found = [...'0123456789X'].find((last) => {
    const read = readResidentId(first17 + last);
    return read !== null && read !== 'checksum';
  });
  return first17 + (found ?? '0');
}
