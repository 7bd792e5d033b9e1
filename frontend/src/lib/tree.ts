export interface TreeRow<T> {
  item: T;
  depth: number;
  has_children: boolean;
}

interface TreeKeys<T> {
  id: (item: T) => string;
  parent: (item: T) => string | null;
}

/**
 * A flat list as the rows of its tree, parents before children, siblings in the list's order. Whatever hangs
 * on a parent the caller may not see stands at the top.
 */
export function treeRows<T>(items: readonly T[], { id, parent }: TreeKeys<T>): TreeRow<T>[] {
  const known = new Set(items.map(id));
  const children = new Map<string | null, T[]>();
  for (const item of items) {
    const above = parent(item);
    const key = above !== null && known.has(above) ? above : null;
    children.set(key, [...(children.get(key) ?? []), item]);
  }
  const rows: TreeRow<T>[] = [];
  const walk = (key: string | null, depth: number) => {
    for (const item of children.get(key) ?? []) {
      rows.push({ item, depth, has_children: children.has(id(item)) });
      walk(id(item), depth + 1);
    }
  };
  walk(null, 0);
  return rows;
}

/** An item and everything below it. */
export function subTree<T>(items: readonly T[], root: string, keys: TreeKeys<T>): Set<string> {
  const below = new Set([root]);
  let grown = true;
  while (grown) {
    grown = false;
    for (const item of items) {
      const above = keys.parent(item);
      if (above !== null && below.has(above) && !below.has(keys.id(item))) {
        below.add(keys.id(item));
        grown = true;
      }
    }
  }
  return below;
}
