// Which licences the packages of the front end may have, and which package breaks that.

/** What is bundled and handed to whoever opens the application. */
export const SHIPPED = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1', 'Unlicense'];
/** Besides those, what only builds and tests it. */
export const TOOLS_BESIDES = ['BSD-2-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'MIT-0', 'MPL-2.0', 'Python-2.0'];

/**
 * Whether an SPDX expression can be met with allowed licences; what is no expression can't. Every licence that is
 * relied on is added to `used`: of alternatives the first that is allowed.
 */
export function isMet(expression, allowed, used = new Set()) {
  const words = String(expression).match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  let isWhole = true;
  const one = () => {
    const word = words[at++];
    if (word === '(') {
      const inner = any();
      isWhole &&= words[at++] === ')';
      return inner;
    }
    isWhole &&= word !== undefined;
    return allowed.includes(word) ? [word] : null;
  };
  const all = () => {
    let met = one();
    while (words[at] === 'AND') {
      at += 1;
      const next = one();
      met = met && next && [...met, ...next];
    }
    return met;
  };
  const any = () => {
    let met = all();
    while (words[at] === 'OR') {
      at += 1;
      const next = all();
      met = met ?? next;
    }
    return met;
  };
  const met = any();
  if (!met || !isWhole || at !== words.length) return false;
  for (const licence of met) used.add(licence);
  return true;
}

const nameOf = (path) => path.split('node_modules/').at(-1);

/**
 * Packages of the lock file whose licence is not allowed, or not the one that the installed package itself states
 * (`installed` answers that; `undefined` where it is not installed, as programs for other systems are), and licences
 * that are allowed although nothing needs them.
 */
export function faultsOf(lock, installed) {
  const faults = [];
  const used = { shipped: new Set(), tools: new Set() };
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link) continue;
    const isTool = entry.dev === true || entry.devOptional === true;
    const allowed = isTool ? [...SHIPPED, ...TOOLS_BESIDES] : SHIPPED;
    const licence = entry.license ?? '';
    if (!isMet(licence, allowed, isTool ? used.tools : used.shipped))
      faults.push(`${nameOf(path)} (${isTool ? 'tool' : 'shipped'}) is under ${JSON.stringify(licence)}`);
    const stated = installed(path);
    if (stated !== undefined && stated !== licence)
      faults.push(
        `${nameOf(path)} states ${JSON.stringify(stated)}, the lock file ${JSON.stringify(licence)}`,
      );
  }
  for (const licence of SHIPPED)
    if (!used.shipped.has(licence)) faults.push(`nothing shipped is under ${licence}`);
  for (const licence of TOOLS_BESIDES)
    if (!used.tools.has(licence)) faults.push(`no tool is under ${licence}`);
  return faults;
}
