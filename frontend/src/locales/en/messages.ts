import type { Messages, PageWords } from '../zh-CN/messages';
import { approvals } from './approvals';
import { cardholders } from './cardholders';
import { code } from './code';
import { desk } from './desk';
import { fault } from './fault';
import { security } from './security';
import { common } from './shell';
import { workbench } from './workbench';

export const messages: Omit<Messages, keyof PageWords> = {
  ...common,
  approvals,
  cardholders,
  code,
  desk,
  fault,
  security,
  workbench,
};
