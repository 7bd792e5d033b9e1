import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DecideDialog } from './decide-dialog';
import { type Approval, type BulkResult, type Decision, decideMany, decideOne } from './queries';

/** Asking, sending, and telling what came of it; one request shows its refusal in the dialog, many in a list of results. */
export function useDecide(onResults?: (results: BulkResult[]) => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<{ decision: Decision; approvals: Approval[] } | null>(null);
  const refresh = () => {
    // What was approved may have changed anything that is on another page.
    void queryClient.invalidateQueries();
  };
  const send = async (comment: string) => {
    if (!asking) return;
    const { decision, approvals } = asking;
    const [first] = approvals;
    try {
      if (approvals.length === 1 && first && !onResults) {
        await decideOne(first.approval_id, decision, comment);
      } else {
        const results = await decideMany(
          approvals.map((approval) => approval.approval_id),
          decision,
          comment,
        );
        onResults?.(results);
        if (results.some((result) => result.code !== null)) return;
      }
      void message.success(t(decision === 'approve' ? 'approvals.approved' : 'approvals.rejected'));
    } finally {
      refresh();
    }
  };
  const dialog = asking && <DecideDialog {...asking} onConfirm={send} onClose={() => setAsking(null)} />;
  return {
    ask: (decision: Decision, approvals: Approval[]) =>
      approvals.length > 0 && setAsking({ decision, approvals }),
    dialog,
    is_asking: asking !== null,
  };
}
