// Every package is under a licence that allows what is done with it: one list for what is shipped, a longer one for
// tools; and states the same itself as the lock file does. Run by `npm run lint`.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './licences.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (name) => JSON.parse(readFileSync(resolve(ROOT, name), 'utf8'));
const lock = read('package-lock.json');

function installed(path) {
  const file = `${path}/package.json`;
  return existsSync(resolve(ROOT, file)) ? (read(file).license ?? '') : undefined;
}

const faults = faultsOf(lock, installed);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`licences: ${Object.keys(lock.packages).length - 1} packages, all allowed`);
