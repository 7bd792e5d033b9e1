import type { Messages } from '../zh-CN/messages';
import { accounts } from './accounts';
import { approvals } from './approvals';
import { cardholders } from './cardholders';
import { code } from './code';
import { desk } from './desk';
import { fault } from './fault';
import { law } from './law';
import { organisation } from './organisation';
import { security } from './security';
import { common } from './shell';
import { system } from './system';
import { transactions } from './transactions';
import { workbench } from './workbench';

export const messages: Messages = {
  ...common,
  accounts,
  approvals,
  cardholders,
  code,
  desk,
  fault,
  law,
  organisation,
  security,
  system,
  transactions,
  workbench,
};
