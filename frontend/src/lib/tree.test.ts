import { expect, it } from 'vitest';
import { subTree, treeRows } from './tree';

interface Node {
  id: string;
  up: string | null;
}
const keys = { id: (n: Node) => n.id, parent: (n: Node) => n.up };
const nodes: Node[] = [
  { id: 'b2', up: 'c1' },
  { id: 'c1', up: 'head' },
  { id: 'head', up: null },
  { id: 'b1', up: 'c1' },
];

it('puts parents before their children', () => {
  const rows = treeRows(nodes, keys).map((row) => [row.item.id, row.depth, row.has_children]);
  expect(rows).toEqual([
    ['head', 0, true],
    ['c1', 1, true],
    ['b2', 2, false],
    ['b1', 2, false],
  ]);
});
it('keeps what hangs on an unseen parent', () => {
  expect(treeRows([{ id: 'b1', up: 'unseen' }], keys)).toHaveLength(1);
});
it('gathers an item and everything below it', () => {
  expect([...subTree(nodes, 'c1', keys)].sort()).toEqual(['b1', 'b2', 'c1']);
});
