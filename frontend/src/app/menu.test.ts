import { describe, expect, it } from 'vitest';
import type { Permission } from '@/api/session';
import { isUnder, menuFor } from './menu';

const keys = (permissions: Permission[]) =>
  menuFor(permissions).flatMap((group) => group.items.map((item) => item.key));

describe('the menu of a role', () => {
  it('offers the workbench and the matrix of rights to everybody and nothing more to nobody', () => {
    expect(keys([])).toEqual(['workbench', 'access']);
  });
  it('offers what the permissions open', () => {
    expect(keys(['cardholders:read', 'branches:read'])).toEqual([
      'workbench',
      'cardholders',
      'branches',
      'access',
    ]);
    expect(keys(['staff:read', 'jobs:read', 'keys:read', 'retention:read', 'audit:read'])).toEqual([
      'workbench',
      'staff',
      'access',
      'jobs',
      'keys',
      'retention',
      'audit',
    ]);
    expect(keys(['work_items:write', 'break_glass:read'])).toEqual([
      'workbench',
      'inbox',
      'break_glass',
      'access',
    ]);
  });
  it('leaves out groups without entries', () => {
    expect(menuFor(['audit:read']).map((group) => group.key)).toEqual(['work', 'organisation', 'system']);
  });
});

it('marks the entry a page belongs to', () => {
  expect(isUnder('/cardholders/1/edit', '/cardholders')).toBe(true);
  expect(isUnder('/cardholders', '/')).toBe(false);
  expect(isUnder('/staffing', '/staff')).toBe(false);
});
