// What a first visit to each route downloads, gzipped, against its budget. Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');
const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8'));

const K = 1024;
const CHINESE = 'src/locales/zh-CN/messages.ts';
const LOGIN = ['index.html', CHINESE, 'src/features/auth/login.page.tsx'];
const SHELL = [
  'index.html',
  CHINESE,
  'src/app/shell.tsx',
  'node_modules/antd/es/locale/zh_CN.js',
  'node_modules/dayjs/locale/zh-cn.js',
];
const page = (...sources) => [...SHELL, ...sources];

const BUDGETS = [
  { name: 'login', budget: 160, sources: LOGIN },
  { name: 'shell', budget: 300, sources: SHELL },
  { name: 'workbench', sources: page('src/features/workbench/workbench.page.tsx') },
  { name: 'cardholder list', budget: 390, sources: page('src/app/pages/cardholders.page.tsx') },
  { name: 'cardholder 360', budget: 390, sources: page('src/app/pages/cardholder.page.tsx') },
  { name: 'create', budget: 390, sources: page('src/features/cardholders/create.page.tsx') },
  { name: 'edit', budget: 390, sources: page('src/features/cardholders/edit.page.tsx') },
  { name: 'staff', sources: page('src/features/staff/staff.page.tsx') },
  { name: 'inbox', sources: page('src/app/pages/inbox.page.tsx') },
  { name: 'break-glass', sources: page('src/features/break-glass/break-glass.page.tsx') },
  { name: 'access', sources: page('src/features/access/access.page.tsx') },
  { name: 'branches', sources: page('src/features/branches/branches.page.tsx') },
  { name: 'imports', sources: page('src/features/imports/imports.page.tsx') },
  { name: 'import', sources: page('src/features/imports/import.page.tsx') },
  { name: 'jobs', sources: page('src/features/jobs/jobs.page.tsx') },
  { name: 'audit', sources: page('src/features/audit/audit.page.tsx') },
];
/** A page without a budget of its own: this much beyond the shell. */
const PAGE_BUDGET = 60;
const CHART = {
  source: 'src/features/transactions/months-chart.tsx',
  on: 'src/app/pages/cardholder.page.tsx',
  budget: 180,
};
const CSS_BUDGET = 15;

const gzipped = (file) => gzipSync(readFileSync(join(DIST, file))).length;

function filesOf(sources) {
  const js = new Set();
  const css = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`${key} is not in the build's manifest`);
    if (js.has(chunk.file)) return;
    js.add(chunk.file);
    for (const file of chunk.css ?? []) css.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const source of sources) visit(source);
  return { js, css };
}

const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0);
let failed = 0;
function report(name, bytes, budget) {
  const over = bytes > budget * K;
  if (over) failed += 1;
  console.log(
    `${over ? 'OVER' : '  ok'}  ${name.padEnd(24)} ${(bytes / K).toFixed(1).padStart(7)} K of ${budget} K`,
  );
}

const shell = Math.round(sum(filesOf(SHELL).js) / K);
for (const { name, budget = shell + PAGE_BUDGET, sources } of BUDGETS)
  report(name, sum(filesOf(sources).js), budget);
const before = filesOf(page(CHART.on)).js;
const chart = [...filesOf([CHART.source]).js].filter((file) => !before.has(file));
report('chart, beyond its page', sum(chart), CHART.budget);
const styles = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));
report('all styles', sum(styles), CSS_BUDGET);
if (failed > 0) process.exit(1);
