import type { accounts } from './accounts';
import { approvals } from './approvals';
import { cardholders } from './cardholders';
import { code } from './code';
import { desk } from './desk';
import type { exports } from './exports';
import { fault } from './fault';
import type { imports } from './imports';
import type { law } from './law';
import type { merges } from './merges';
import type { organisation } from './organisation';
import type { permissions } from './permissions';
import type { retention } from './retention';
import { security } from './security';
import { common } from './shell';
import type { statistics } from './statistics';
import type { system } from './system';
import type { transactions } from './transactions';
import { workbench } from './workbench';

export const messages = {
  ...common,
  approvals,
  cardholders,
  code,
  desk,
  fault,
  security,
  workbench,
};

/** Words of pages that few open: they come with their page. */
export interface PageWords {
  transactions: typeof transactions;
  organisation: typeof organisation;
  accounts: typeof accounts;
  exports: typeof exports;
  imports: typeof imports;
  law: typeof law;
  merges: typeof merges;
  permissions: typeof permissions;
  retention: typeof retention;
  statistics: typeof statistics;
  system: typeof system;
}

export type Messages = typeof messages & PageWords;
