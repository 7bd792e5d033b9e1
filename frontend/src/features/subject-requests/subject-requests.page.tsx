import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Scale } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { withoutEmpty } from '@/lib/url-state';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { CodeSelect } from '@/ui/pickers';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { KINDS, STATUSES, subjectRequestsQuery } from './queries';
import { RequestList } from './request-list';
import type { SubjectRequestsSearch } from './routes';

const route = getRouteApi('/shell/subject_requests');

/** What cardholders ask for under the law, the most pressing first. */
export function SubjectRequestsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = route.useSearch();
  const status = search.status ?? 'open';
  const pages = useInfiniteQuery(subjectRequestsQuery({ status, kind: search.kind }));
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const go = (patch: SubjectRequestsSearch) =>
    void navigate({ to: '/subject_requests', search: withoutEmpty({ ...search, ...patch }), replace: true });
  return (
    <Page title={t('law.request.title')} subtitle={t('law.request.subtitle')}>
      <section className="card list-card">
        <search className="toolbar">
          <CodeSelect
            aria-label={t('law.request.status_label')}
            allowClear={false}
            values={STATUSES}
            name={(value) => t(`law.request.status.${value}`)}
            value={status}
            onChange={(next) => go({ status: next })}
            style={{ width: 120 }}
          />
          <CodeSelect
            aria-label={t('law.request.kind_label')}
            placeholder={t('law.request.all_kinds')}
            values={KINDS}
            name={(value) => t(`code.subject_request_kind.${value}`)}
            value={search.kind}
            onChange={(kind) => go({ kind })}
            style={{ width: 168 }}
          />
        </search>
        {pages.isPending ? (
          <RowsSkeleton />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={Scale} title={t('law.request.empty')} hint={t('law.request.empty_hint')} />
        ) : (
          <RequestList rows={rows} label={t('law.request.title')} />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} />}
      </section>
    </Page>
  );
}
