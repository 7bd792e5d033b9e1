import { randomInt } from 'node:crypto';
import { type Api, type Cardholder, PASSWORD } from './api';

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

/** Somebody new at the head office whom no other test knows: one administrator asks, the other approves. */
export async function newColleague(
  asking: Api,
  approving: Api,
  staff: { staff_no: string; role: string; name?: string },
): Promise<{ name: string; password: string }> {
  const name = staff.name ?? newName();
  const { initial_password, approval } = await asking.post<{
    initial_password: string;
    approval: { approval_id: string };
  }>('/staff', { ...staff, name, branch_id: asking.me.branch_id, evidence_note: '录用通知已核对' });
  await approving.act('/auth/step_up', { password: PASSWORD });
  await approving.post(`/approvals/${approval.approval_id}/approve`, {});
  return { name, password: initial_password };
}

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
