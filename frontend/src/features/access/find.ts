import type { FieldClass, Permission } from '@/api/session';
import type { ClassedTable, RoleAccess } from './queries';

export const CLASSES = ['open', 'personal', 'financial', 'secret'] as const satisfies readonly FieldClass[];

/** Every permission that some role has, beside the others of its slice. */
export function permissionsOf(roles: readonly RoleAccess[]): Permission[] {
  const all = [...new Set(roles.flatMap((role) => role.permissions))];
  const slices = [...new Set(all.map(sliceOf))];
  return all.sort((a, b) => slices.indexOf(sliceOf(a)) - slices.indexOf(sliceOf(b)));
}

const sliceOf = (permission: Permission): string => permission.split(':')[0] ?? permission;

/** The tables that have something to do with what is typed: by their own name, else by their fields' names or class. */
export function findTables(
  tables: readonly ClassedTable[],
  typed: string,
  nameOf: (kind: FieldClass) => string,
): ClassedTable[] {
  const sought = typed.trim().toLowerCase();
  if (!sought) return [...tables];
  return tables.flatMap((table) => {
    if (table.table.includes(sought)) return [table];
    const fields = table.fields.filter(
      (field) =>
        field.field.includes(sought) ||
        field.class === sought ||
        nameOf(field.class).toLowerCase().includes(sought),
    );
    return fields.length > 0 ? [{ ...table, fields }] : [];
  });
}
