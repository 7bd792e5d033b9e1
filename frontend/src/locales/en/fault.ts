import words from '../../../../openapi/faults/en.json';
import type { Messages } from '../zh-CN/messages';

export const fault: Messages['fault'] = words;
