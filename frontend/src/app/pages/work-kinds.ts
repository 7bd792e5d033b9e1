import { ClipboardCheck, Scale, Siren } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WorkKinds } from '@/features/work-items/kinds';
import type { WorkItem } from '@/features/work-items/queries';
import { dayOf, mondayOf } from '@/lib/dates';
import { useCode } from '@/lib/i18n';

const text = (item: WorkItem, key: string): string | undefined => {
  const value = item.params[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

/** Every kind of work: how it looks in the inbox and where it is done. */
export const WORK_KINDS: WorkKinds = {
  break_glass_review: {
    icon: Siren,
    // The item is made together with its grant, so that its day says in which week the grant stands.
    target: ({ item_id, created_at }) => ({
      to: '/break_glass',
      search: { tab: 'week', week: mondayOf(dayOf(created_at)), grant: item_id },
    }),
    useText: () => {
      const { t } = useTranslation();
      const name = useCode();
      return (item) =>
        t('desk.inbox.text_break_glass_review', {
          staff_no: text(item, 'staff_no') ?? '—',
          minutes: text(item, 'minutes') ?? '—',
          reason: name('break_glass_reason', text(item, 'reason')),
        });
    },
  },
  approval: {
    icon: ClipboardCheck,
    target: ({ item_id }) => ({ to: '/approvals/$approval_id', params: { approval_id: item_id } }),
    useText: () => {
      const { t } = useTranslation();
      const name = useCode();
      return (item) =>
        t('desk.inbox.text_approval', {
          staff_no: text(item, 'staff_no') ?? '—',
          operation: name('approvals.operation', text(item, 'operation')),
        });
    },
  },
  subject_request: {
    icon: Scale,
    target: ({ item_id }) => ({ to: '/subject_requests/$request_id', params: { request_id: item_id } }),
    useText: () => {
      const { t } = useTranslation();
      const name = useCode();
      return (item) =>
        t('desk.inbox.text_subject_request', {
          staff_no: text(item, 'staff_no') ?? '—',
          request: name('subject_request_kind', text(item, 'request')),
        });
    },
  },
};
