import { randomInt } from 'node:crypto';
import type { Api, Cardholder } from './api';

/** Characters of one reading each, so that a name's pinyin is never in doubt. */
const CHARACTERS = '嘉怡明远思齐若涵梓萱浩宇静雯志强丽娜俊杰晓彤文博雨桐佳宁海涛婷玉兰国栋春梅';
const SURNAMES = ['司徒', '欧阳', '诸葛', '慕容', '司空', '闻人', '公孙', '东方'];

const oneOf = <T>(list: ArrayLike<T>): T => list[randomInt(list.length)] as T;

/** Digits that nobody else has in this run or the one before. */
export const digits = (n: number): string => Array.from({ length: n }, () => randomInt(10)).join('');

/** An invented name, rare enough to be found alone. */
export const newName = (): string =>
  `${oneOf(SURNAMES)}${oneOf(CHARACTERS)}${oneOf(CHARACTERS)}${oneOf(CHARACTERS)}`;

/** The prefix has no numbers in service. */
export const newPhone = (): string => `154${digits(8)}`;

/** A new cardholder of the creator's branch, with a phone. */
export async function newCardholder(
  api: Api,
  more: object = {},
): Promise<{ cardholder: Cardholder; phone: string }> {
  const phone = newPhone();
  const { cardholder } = await api.post<{ cardholder: Cardholder }>('/cardholders', {
    name: newName(),
    branch_id: api.me.branch_id,
    phones: [{ kind: 'mobile', number: phone, is_primary: true }],
    emails: [],
    addresses: [],
    ...more,
  });
  return { cardholder, phone };
}
