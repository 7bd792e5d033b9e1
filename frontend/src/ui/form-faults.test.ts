import { expect, it } from 'vitest';
import { pointerPath } from './form-faults';

it('turns a JSON pointer into a form’s path', () => {
  expect(pointerPath('/phones/0/number')).toEqual(['phones', 0, 'number']);
  expect(pointerPath('/national_id')).toEqual(['national_id']);
  expect(pointerPath('#/a~1b/c~0d')).toEqual(['a/b', 'c~d']);
  expect(pointerPath('')).toEqual([]);
});
