import type { Messages } from '../zh-CN/messages';

export const accounts: Messages['accounts'] = {
  title: 'Accounts and cards',
  empty: 'No accounts yet',
  balance: 'Balance',
  owed: 'Credit used',
  available: '{{amount}} available',
  limit: 'limit {{amount}}',
  opened_on: 'opened {{on}}',
  closed_on: 'closed {{on}}',
  card_of: 'Card of {{name}}',
  card_other: 'Additional card',
  expires: 'until {{on}}',
  no_number: 'Number not given',
  tail: 'ending {{tail}}',
  parties: 'Joint / authorised: {{names}}',
  held_by_other: 'Held by another',
  withheld: 'Amounts not visible',
  show_transactions: 'Show transactions',
  freeze: {
    action: 'Freeze',
    title: 'Freeze the card',
    hint: 'From now on the card cannot be used, until it is unfrozen.',
    done: 'Card frozen',
  },
  unfreeze: {
    action: 'Unfreeze',
    title: 'Unfreeze the card',
    hint: 'From now on the card can be used again.',
    done: 'Card unfrozen',
  },
  frozen_because: 'Frozen because: {{reason}}',
};
