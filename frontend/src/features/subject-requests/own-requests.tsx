import './subject-requests.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayChange } from '@/api/read-only';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { subjectRequestsQuery } from './queries';
import { RegisterDialog } from './register-dialog';
import { RequestList } from './request-list';

/** What one cardholder asked for, and taking in what they ask now. */
export function OwnRequests({ cardholder_id }: { cardholder_id: string }) {
  const { t } = useTranslation();
  const mayRegister = useMayChange('subject_requests:write');
  const [isAsking, setAsking] = useState(false);
  const pages = useInfiniteQuery(subjectRequestsQuery({ cardholder_id }));
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="request-own" aria-label={t('law.request.own')}>
      <header className="row">
        <h3 className="grow">{t('law.request.own')}</h3>
        {mayRegister && (
          <Button size="small" onClick={() => setAsking(true)}>
            {t('law.request.register')}
          </Button>
        )}
      </header>
      {pages.isPending && <RowsSkeleton rows={1} />}
      {pages.isError && rows.length === 0 && (
        <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />
      )}
      {pages.isSuccess && rows.length === 0 && <p className="muted">{t('law.request.own_empty')}</p>}
      <RequestList rows={rows} label={t('law.request.own')} />
      {isAsking && <RegisterDialog cardholder_id={cardholder_id} onClose={() => setAsking(false)} />}
    </section>
  );
}
