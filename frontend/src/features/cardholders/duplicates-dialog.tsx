import { Link } from '@tanstack/react-router';
import { Form, Modal } from 'antd';
import { ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '@/ui/avatar';
import { ReasonField } from '@/ui/form';
import { Pill } from '@/ui/pill';

const MATCHES = ['national_id', 'phone_and_name', 'name_and_birth_on'] as const;

interface Candidate {
  cardholder_id: string;
  customer_no: string;
  name: string | null;
  matched_by: (typeof MATCHES)[number];
  branch_name: string;
}

export interface Candidates {
  candidates: Candidate[];
  hidden_count: number;
  /** Since when somebody with this identity number is erased. */
  erased_on: string | null;
}

/** The parameters of a 409 are free-form JSON: take what has the expected shape. */
export function readCandidates(params: Record<string, unknown>): Candidates {
  const list = Array.isArray(params.candidates) ? (params.candidates as Candidate[]) : [];
  return {
    candidates: list.filter((candidate) => MATCHES.includes(candidate.matched_by)),
    hidden_count: typeof params.hidden_count === 'number' ? params.hidden_count : 0,
    erased_on: typeof params.erased_on === 'string' ? params.erased_on : null,
  };
}

interface DuplicatesDialogProps {
  candidates: Candidates;
  busy: boolean;
  onOverride: (reason: string) => void;
  onClose: () => void;
}

/** Who this may already be; creating another one takes a reason. */
export function DuplicatesDialog({ candidates, busy, onOverride, onClose }: DuplicatesDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      width={560}
      title={t('cardholders.duplicate.title')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('cardholders.duplicate.override')}
      okButtonProps={{ danger: true }}
      cancelText={t('cardholders.duplicate.back')}
      confirmLoading={busy}
    >
      <div className="stack">
        <p>{t('cardholders.duplicate.hint')}</p>
        {candidates.candidates.length > 0 && (
          <ul className="lines card">
            {candidates.candidates.map((candidate) => (
              <li key={candidate.cardholder_id}>
                <Avatar name={candidate.name} />
                <span className="grow who">
                  <span>
                    <b>{candidate.name ?? t('common.unnamed')}</b>
                    <small className="num">
                      {candidate.customer_no} · {candidate.branch_name}
                    </small>
                  </span>
                </span>
                <Pill tone="warn">{t(`cardholders.duplicate.${candidate.matched_by}`)}</Pill>
                <Link
                  to="/cardholders/$cardholder_id"
                  params={{ cardholder_id: candidate.cardholder_id }}
                  target="_blank"
                  className="link row"
                >
                  {t('cardholders.duplicate.open')}
                  <ExternalLink size={13} aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        )}
        {candidates.erased_on && (
          <p className="banner is-warn">{t('cardholders.duplicate.erased', { on: candidates.erased_on })}</p>
        )}
        {candidates.hidden_count > 0 && (
          <p className="banner is-warn">
            {t('cardholders.duplicate.hidden', { n: candidates.hidden_count })}
          </p>
        )}
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          onFinish={({ reason }) => onOverride(reason.trim())}
        >
          <ReasonField label={t('cardholders.duplicate.reason')} />
        </Form>
      </div>
    </Modal>
  );
}
