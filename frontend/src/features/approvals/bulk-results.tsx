import { Button } from 'antd';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/ui/fault-text';
import type { Approval, BulkResult } from './queries';

interface BulkResultsProps {
  results: BulkResult[];
  known: Map<string, Approval>;
  onClose: () => void;
}

/** What became of each: those that went through in one line, every refusal with its reason. */
export function BulkResults({ results, known, onClose }: BulkResultsProps) {
  const { t } = useTranslation();
  const wordsOf = useCodeText();
  const refused = results.filter((result) => result.code !== null);
  return (
    <div role="status" className={`banner${refused.length > 0 ? ' is-warn' : ''} bulk-results`}>
      {refused.length > 0 ? <CircleAlert size={16} aria-hidden /> : <CircleCheck size={16} aria-hidden />}
      <div className="grow">
        <b>{t('approvals.results', { done: results.length - refused.length, refused: refused.length })}</b>
        <ul>
          {refused.map(({ approval_id, code, params }) => (
            <li key={approval_id}>
              {known.get(approval_id)?.subject_name ?? known.get(approval_id)?.subject_no ?? approval_id}
              {' · '}
              {(code !== null && wordsOf({ code, params: params as Record<string, unknown> })) || code}
            </li>
          ))}
        </ul>
      </div>
      <Button size="small" type="text" onClick={onClose}>
        {t('common.close')}
      </Button>
    </div>
  );
}
