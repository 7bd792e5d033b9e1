import type { TFunction } from 'i18next';
import { dayOf } from '@/lib/dates';
import { ledger } from '@/lib/money';

type Params = Record<string, unknown>;

const text = (params: Params, key: string): string | undefined =>
  typeof params[key] === 'string' && params[key] !== '' ? (params[key] as string) : undefined;
const number = (params: Params, key: string): number | undefined =>
  typeof params[key] === 'number' ? (params[key] as number) : undefined;

/** The facts under a name: the server sends codes and values, the sentence is made here, in the reader's language. */
export function notesOf(code: string, params: Params, t: TFunction): string[] {
  const parts: (string | undefined)[] = [];
  const opened = text(params, 'opened_on');
  const birth = text(params, 'birth_on');
  const frozen = text(params, 'frozen_at');
  const tail = text(params, 'last_four');
  const days = number(params, 'days_past_due');
  const owed = number(params, 'amount_minor') ?? number(params, 'billed_minor');
  const currency = text(params, 'currency');
  if (days !== undefined) parts.push(t('workbench.note.days_past_due', { n: days }));
  if (owed !== undefined && currency) parts.push(ledger(owed, currency));
  if (frozen) {
    const on = dayOf(frozen);
    parts.push(tail ? t('workbench.note.frozen', { tail, on }) : t('workbench.note.frozen_on', { on }));
  } else if (tail) parts.push(`**** ${tail}`);
  if (birth) parts.push(t('workbench.note.birthday', { on: birth.slice(-5) }));
  if (opened && code !== 'birthdays_this_week') parts.push(t('workbench.note.opened_on', { on: opened }));
  parts.push(text(params, 'status_reason') ?? text(params, 'branch_name'));
  return parts.filter((part) => part !== undefined);
}
