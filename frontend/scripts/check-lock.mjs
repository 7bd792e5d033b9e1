// Every entry of the lock file names an exact version: one without (a platform's binary that did not resolve)
// installs with `npm install` and fails with `npm ci`. Run by `npm run lint`.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (name) => JSON.parse(readFileSync(resolve(ROOT, name), 'utf8'));
const lock = read('package-lock.json');
const wanted = { ...read('package.json').dependencies, ...read('package.json').devDependencies };

const faults = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path !== '' && !entry.link && !entry.version) faults.push(`${path} has no version`);
}
for (const [name, version] of Object.entries(wanted)) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`${name} is not pinned exactly: ${version}`);
  const locked = lock.packages[`node_modules/${name}`]?.version;
  if (locked !== version) faults.push(`${name} is ${version} in package.json and ${locked} in the lock file`);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`lock file: ${Object.keys(lock.packages).length - 1} packages, all with versions`);
