import { InboxPage } from '@/features/work-items/inbox.page';
import { WORK_KINDS } from './work-kinds';

export function InboxRoutePage() {
  return <InboxPage kinds={WORK_KINDS} />;
}
