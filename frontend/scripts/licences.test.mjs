import { describe, expect, it } from 'vitest';
import { faultsOf, isMet, SHIPPED, TOOLS_BESIDES } from './licences.mjs';

/** A lock file in which every allowed licence is needed once. */
function lockWith(packages) {
  const one = (licence, more) => [
    `node_modules/${licence}${more.dev ? '-tool' : ''}`,
    { license: licence, ...more },
  ];
  return {
    packages: {
      '': { name: 'web' },
      ...Object.fromEntries(SHIPPED.map((licence) => one(licence, {}))),
      ...Object.fromEntries(TOOLS_BESIDES.map((licence) => one(licence, { dev: true }))),
      ...packages,
    },
  };
}

const asLocked = () => undefined;

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['GPL-3.0 OR MIT', true],
    ['MIT AND GPL-3.0', false],
    ['(MIT OR GPL-3.0) AND ISC', true],
    ['MIT OR', false],
    ['(MIT', false],
    ['MIT ISC', false],
    ['SEE LICENSE IN x', false],
    ['', false],
    [undefined, false],
  ])('%s can be met: %s', (expression, expected) => {
    expect(isMet(expression, ['MIT', 'ISC'])).toBe(expected);
  });

  it('are fewer for what is shipped than for tools', () => {
    const lock = lockWith({
      'node_modules/shown': { license: 'MPL-2.0' },
      'node_modules/tool': { license: 'MPL-2.0', dev: true },
      'node_modules/tool/node_modules/@deep/one': { license: 'GPL-3.0', devOptional: true },
      'node_modules/nameless': {},
    });
    expect(faultsOf(lock, asLocked)).toEqual([
      'shown (shipped) is under "MPL-2.0"',
      '@deep/one (tool) is under "GPL-3.0"',
      'nameless (shipped) is under ""',
    ]);
  });

  it('are what the installed package itself states', () => {
    const installed = (path) => (path === 'node_modules/ISC' ? 'GPL-3.0' : undefined);
    expect(faultsOf(lockWith({}), installed)).toEqual(['ISC states "GPL-3.0", the lock file "ISC"']);
  });

  it('are on no list that nothing needs', () => {
    const lock = lockWith({});
    delete lock.packages['node_modules/ISC'];
    delete lock.packages['node_modules/MPL-2.0-tool'];
    expect(faultsOf(lock, asLocked)).toEqual(['nothing shipped is under ISC', 'no tool is under MPL-2.0']);
  });
});
