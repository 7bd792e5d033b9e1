import type { Messages, PageWords } from '../zh-CN/messages';
import { accounts } from './accounts';
import { approvals } from './approvals';
import { cardholders } from './cardholders';
import { code } from './code';
import { desk } from './desk';
import { fault } from './fault';
import { organisation } from './organisation';
import { security } from './security';
import { common } from './shell';
import { transactions } from './transactions';
import { workbench } from './workbench';

export const messages: Omit<Messages, keyof PageWords> = {
  ...common,
  accounts,
  approvals,
  cardholders,
  code,
  desk,
  fault,
  organisation,
  security,
  transactions,
  workbench,
};
