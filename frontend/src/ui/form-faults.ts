import type { FormInstance } from 'antd';
import type { FieldFault, Problem } from '@/api/problem';

export type FieldPath = (string | number)[];

/** `/phones/0/number` → `['phones', 0, 'number']` (RFC 6901). */
export function pointerPath(pointer: string): FieldPath {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

const same = (a: FieldPath, b: FieldPath): boolean =>
  a.length === b.length && a.every((part, at) => String(part) === String(b[at]));

/**
 * Puts each fault of the server's answer on its field and scrolls to the first; what belongs to no field on
 * the screen comes back, to be shown above the form.
 */
export function placeFaults(
  // biome-ignore lint/suspicious/noExplicitAny: antd's form is invariant in its values and this reads none
  form: FormInstance<any>,
  problem: Problem,
  say: (fault: FieldFault) => string,
): FieldFault[] {
  const fields = form.getFieldsError().map((field) => field.name as FieldPath);
  const placed = new Map<string, { name: FieldPath; errors: string[] }>();
  const rest: FieldFault[] = [];
  for (const fault of problem.errors) {
    const path = pointerPath(fault.pointer);
    const name = fields.find((field) => same(field, path));
    if (!name) {
      rest.push(fault);
      continue;
    }
    const key = name.join('/');
    const entry = placed.get(key) ?? { name, errors: [] };
    entry.errors.push(say(fault));
    placed.set(key, entry);
  }
  form.setFields([...placed.values()]);
  const first = [...placed.values()][0];
  if (first) form.scrollToField(first.name, { block: 'center', focus: true });
  return rest;
}
