import { expect, it } from 'vitest';
import { findTables, permissionsOf } from './find';
import type { ClassedTable, RoleAccess } from './queries';

const tables: ClassedTable[] = [
  {
    table: 'cardholders',
    fields: [
      { field: 'name', class: 'open', is_derived: false },
      { field: 'age_years', class: 'personal', is_derived: true },
    ],
  },
  { table: 'accounts', fields: [{ field: 'balance_minor', class: 'financial', is_derived: false }] },
];
const nameOf = (kind: string) => ({ personal: '个人', financial: '财务' })[kind] ?? kind;

it('finds tables by name with all their fields, and fields with their table', () => {
  expect(findTables(tables, ' ', nameOf)).toHaveLength(2);
  expect(findTables(tables, 'Cardh', nameOf)[0]?.fields).toHaveLength(2);
  expect(findTables(tables, 'age', nameOf)).toEqual([{ ...tables[0], fields: [tables[0]?.fields[1]] }]);
  expect(findTables(tables, '财务', nameOf).map(({ table }) => table)).toEqual(['accounts']);
  expect(findTables(tables, 'nothing', nameOf)).toEqual([]);
});

it('keeps the permissions of a slice together, in the order of the roles', () => {
  const role = (permissions: RoleAccess['permissions']) => ({ permissions }) as RoleAccess;
  expect(
    permissionsOf([
      role(['cardholders:read', 'views:write']),
      role(['cardholders:write', 'cardholders:read']),
    ]),
  ).toEqual(['cardholders:read', 'cardholders:write', 'views:write']);
});
