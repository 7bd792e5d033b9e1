import { expect, it } from 'vitest';
import { accounts as enAccounts } from './en/accounts';
import { exports as enExports } from './en/exports';
import { imports as enImports } from './en/imports';
import { law as enLaw } from './en/law';
import { messages as enMessages } from './en/messages';
import { organisation as enOrganisation } from './en/organisation';
import { permissions as enPermissions } from './en/permissions';
import { retention as enRetention } from './en/retention';
import { statistics as enStatistics } from './en/statistics';
import { system as enSystem } from './en/system';
import { transactions as enTransactions } from './en/transactions';
import { accounts as zhAccounts } from './zh-CN/accounts';
import { exports as zhExports } from './zh-CN/exports';
import { imports as zhImports } from './zh-CN/imports';
import { law as zhLaw } from './zh-CN/law';
import { messages as zhMessages } from './zh-CN/messages';
import { organisation as zhOrganisation } from './zh-CN/organisation';
import { permissions as zhPermissions } from './zh-CN/permissions';
import { retention as zhRetention } from './zh-CN/retention';
import { statistics as zhStatistics } from './zh-CN/statistics';
import { system as zhSystem } from './zh-CN/system';
import { transactions as zhTransactions } from './zh-CN/transactions';

// With the words that come with their pages.
const en = {
  ...enMessages,
  transactions: enTransactions,
  organisation: enOrganisation,
  accounts: enAccounts,
  exports: enExports,
  imports: enImports,
  law: enLaw,
  permissions: enPermissions,
  retention: enRetention,
  statistics: enStatistics,
  system: enSystem,
};
const zh = {
  ...zhMessages,
  transactions: zhTransactions,
  organisation: zhOrganisation,
  accounts: zhAccounts,
  exports: zhExports,
  imports: zhImports,
  law: zhLaw,
  permissions: zhPermissions,
  retention: zhRetention,
  statistics: zhStatistics,
  system: zhSystem,
};

interface Tree {
  [key: string]: string | Tree;
}

function leaves(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(`${path}${key}`, value);
    else for (const [inner, text] of leaves(value, `${path}${key}.`)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

it('has the same messages in both languages', () => {
  expect([...leaves(en).keys()].sort()).toEqual([...leaves(zh).keys()].sort());
});

it('fills the same places in both languages', () => {
  const english = leaves(en);
  for (const [key, text] of leaves(zh)) {
    expect([key, placeholders(english.get(key) ?? '')]).toEqual([key, placeholders(text)]);
  }
});

it('leaves nothing untranslated', () => {
  for (const [key, text] of [...leaves(zh), ...leaves(en)]) expect([key, text.trim()]).not.toEqual([key, '']);
  const chinese = /\p{Script=Han}/u;
  // A language is offered under its own name.
  const named = ['shell.language', 'palette.language'];
  for (const [key, text] of leaves(en))
    if (!named.includes(key)) expect([key, chinese.test(text)]).toEqual([key, false]);
});
