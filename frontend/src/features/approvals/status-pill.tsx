import { useTranslation } from 'react-i18next';
import { Pill, type Tone } from '@/ui/pill';
import type { Approval, ApprovalStatus } from './queries';

const TONES: Record<ApprovalStatus, Tone> = {
  pending: 'warn',
  approved: 'primary',
  executed: 'ok',
  failed: 'danger',
  rejected: 'danger',
  withdrawn: 'plain',
  expired: 'plain',
  stale: 'violet',
};

export function StatusPill({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const { status, approvals_given: given, approvals_needed: needed } = approval;
  return (
    <Pill tone={TONES[status]} has_dot>
      {t(`code.approval_status.${status}`)}
      {status === 'pending' && needed > 1 && <span className="num">{` ${given}/${needed}`}</span>}
    </Pill>
  );
}
