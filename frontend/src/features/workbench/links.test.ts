import { describe, expect, it } from 'vitest';
import { sampleMe } from '@/test/samples';
import { cardLink } from './links';

describe('the way from a figure to its rows', () => {
  // Already the next day at the bank, whose business day lies elsewhere.
  const now = new Date('2026-11-22T17:00:00Z');
  const today = { day_from: '2026-11-23', day_to: '2026-11-23' };
  it('leads from the refused sign-ins to those alone', () => {
    expect(cardLink('sign_ins_refused', sampleMe, now)).toEqual({
      to: '/audit',
      search: { action: 'sessions.sign_in', outcome: 'refused', ...today },
    });
  });
  it('leads from today’s audit entries to today’s', () => {
    expect(cardLink('audit_entries_today', sampleMe, now)).toEqual({ to: '/audit', search: today });
  });
});
