import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { Empty } from '@/ui/empty';
import { Panel } from '@/ui/page';
import { ProblemState } from '@/ui/problem-alert';
import { PanelSkeleton } from '@/ui/skeleton';
import { useChangeText, useFieldName } from './change-text';
import { withCurrencies } from './income-currency';
import { type Cardholder, changesQuery } from './queries';

/** Who changed which field from what to what, newest first. */
export function ChangesPanel({ cardholder }: { cardholder: Cardholder }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(changesQuery(cardholder.cardholder_id));
  const text = useChangeText();
  const fieldName = useFieldName();
  const changes = withCurrencies(
    pages.data?.pages.flatMap((page) => page.items) ?? [],
    cardholder.yearly_income_currency,
  );
  return (
    <Panel title={t('cardholders.history')}>
      {pages.isPending && <PanelSkeleton />}
      {pages.isError && changes.length === 0 && (
        <ProblemState error={pages.error} onRetry={() => void pages.refetch()} is_small />
      )}
      {pages.isSuccess && changes.length === 0 && (
        <Empty icon={History} title={t('cardholders.change.empty')} is_small />
      )}
      <ol className="timeline">
        {changes.map((change) => (
          <li key={change.change_id}>
            <i aria-hidden />
            <b>
              {fieldName(change.field)}: {text(change)}
            </b>
            <small className="num">
              {dateTime(change.changed_at)} · {change.staff_name ?? t('cardholders.change.system')}
            </small>
            {change.reason && <small>{t('cardholders.change.reason', { reason: change.reason })}</small>}
          </li>
        ))}
      </ol>
      {pages.hasNextPage && (
        <Button
          size="small"
          block
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('common.load_more')}
        </Button>
      )}
    </Panel>
  );
}
