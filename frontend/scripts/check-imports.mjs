// The walls of the front end, checked from the source text: which folder may import which, no feature knows
// another, no cycles, no barrels, files short and named alike. Run by `npm run lint`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SRC = join(ROOT, 'src');

/** A folder may import itself and what stands here: lib ← api ← ui ← features ← app. */
const MAY_IMPORT = {
  locales: [],
  lib: ['locales'],
  api: ['lib'],
  ui: ['api', 'lib'],
  features: ['ui', 'api', 'lib'],
  app: ['features', 'ui', 'api', 'lib'],
  test: ['app', 'features', 'ui', 'api', 'lib'],
};
/** What the server and the words of the screens share. */
const CONTRACT = resolve(ROOT, '../openapi/faults');
const MAX_LINES = { '.tsx': 300, '.ts': 500, '.css': 500 };
const GENERATED = /\.gen\.ts$/;
const TEST = /\.test\.tsx?$/;

const faults = [];
const fault = (file, text) => faults.push(`${relative(ROOT, file)}: ${text}`);

function* filesUnder(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

const files = [...filesUnder(SRC)];
const code = files.filter((file) => /\.tsx?$/.test(file));
const known = new Set(files);

/** Every import of a file: what it says and whether it is loaded only when asked for. */
function importsOf(text) {
  const found = [];
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  for (const match of text.matchAll(pattern))
    found.push({ to: match[1] ?? match[2], is_lazy: match[2] !== undefined });
  return found;
}

function resolved(from, to) {
  const base = to.startsWith('@/')
    ? join(SRC, to.slice(2))
    : to.startsWith('.')
      ? join(dirname(from), to)
      : null;
  if (base === null) return null;
  if (dirname(base) === CONTRACT && place(from)[0] === 'locales' && existsSync(base)) return null;
  const path = [base, `${base}.ts`, `${base}.tsx`].find((candidate) => known.has(candidate));
  if (!path) fault(from, `imports ${to}, which is no file`);
  return path ?? null;
}

const place = (file) => relative(SRC, file).split('/');
const graph = new Map();

for (const file of code) {
  const text = readFileSync(file, 'utf8');
  const [layer, slice] = place(file);
  const isTest = TEST.test(file);
  const eager = [];
  for (const { to, is_lazy } of importsOf(text)) {
    const target = resolved(file, to);
    if (!target) continue;
    const [toLayer, toSlice] = place(target);
    const allowed =
      toLayer === layer || MAY_IMPORT[layer]?.includes(toLayer) || (isTest && toLayer === 'test');
    if (!allowed) fault(file, `${layer} may not import ${toLayer} (${to})`);
    if (layer === 'features' && toLayer === 'features' && slice !== toSlice)
      fault(file, `feature ${slice} may not import feature ${toSlice} (${to})`);
    if (!is_lazy && /\.tsx?$/.test(target)) eager.push(target);
  }
  graph.set(file, eager);

  if (/\/index\.tsx?$/.test(file)) fault(file, 'is a barrel: name files for what they hold');
  if (/^export\s+(?:\*|\{[^}]*\})\s*from/m.test(text))
    fault(file, 're-exports: import from where it is defined');
}

for (const file of files) {
  const limit = MAX_LINES[/\.[a-z]+$/.exec(file)?.[0] ?? ''];
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  if (limit && !GENERATED.test(file) && lines > limit) fault(file, `has ${lines} lines, more than ${limit}`);
}

/** Depth first; a file met again while it is still open closes a cycle. */
const state = new Map();
function walk(file, trail) {
  if (state.get(file) === 'done') return;
  if (state.get(file) === 'open') {
    const cycle = [...trail.slice(trail.indexOf(file)), file].map((step) => relative(SRC, step));
    fault(file, `is in a cycle: ${cycle.join(' → ')}`);
    return;
  }
  state.set(file, 'open');
  for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
  state.set(file, 'done');
}
for (const file of code) walk(file, []);

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`imports: ${code.length} files, no wall crossed, no cycle`);
