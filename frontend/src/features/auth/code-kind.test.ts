import { expect, it } from 'vitest';
import { codeProof, isWhole } from './code-kind';

it('takes a code as authenticators show it', () => {
  expect(isWhole('code', '123 456')).toBe(true);
  expect(isWhole('code', '12345')).toBe(false);
  expect(codeProof('code', '123 456')).toEqual({ code: '123456' });
});
it('takes a recovery code as it is written down', () => {
  expect(isWhole('recovery_code', 'ABCD efgh-ijkl-mnop')).toBe(true);
  expect(isWhole('recovery_code', 'abcd-efgh')).toBe(false);
  expect(codeProof('recovery_code', ' abcd-efgh-ijkl-mnop ')).toEqual({
    recovery_code: 'abcd-efgh-ijkl-mnop',
  });
});
