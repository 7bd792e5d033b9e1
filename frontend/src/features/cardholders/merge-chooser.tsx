import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { UserSearch } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '@/ui/avatar';
import { Empty } from '@/ui/empty';
import { Panel } from '@/ui/page';
import { ProblemState } from '@/ui/problem-alert';
import { SEARCH_MAX } from './codes';
import { LifecyclePill } from './identity';
import { type Cardholder, findCardholdersQuery } from './queries';

const SHOWN = 10;

interface MergeChooserProps {
  survivor: Cardholder;
  onChoose: (cardholder_id: string) => void;
}

/** Looks for the other record; whoever has the same name is offered from the start. */
export function MergeChooser({ survivor, onChoose }: MergeChooserProps) {
  const { t } = useTranslation();
  const [q, setQ] = useState([...(survivor.name ?? '')].slice(0, SEARCH_MAX).join(''));
  const query = useQuery({
    ...findCardholdersQuery(q, SHOWN),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });
  const others = query.data?.filter((hit) => hit.cardholder_id !== survivor.cardholder_id) ?? [];
  return (
    <Panel title={t('merges.other')} sub={t('merges.other_hint')}>
      <div className="stack">
        <Input.Search
          autoFocus
          allowClear
          defaultValue={q}
          maxLength={SEARCH_MAX}
          aria-label={t('merges.search')}
          placeholder={t('cardholders.search_placeholder')}
          loading={query.isFetching}
          onSearch={(typed) => setQ(typed.trim())}
        />
        {query.isError && <ProblemState error={query.error} onRetry={() => void query.refetch()} is_small />}
        {query.isSuccess && q !== '' && others.length === 0 && (
          <Empty icon={UserSearch} title={t('merges.none_found')} is_small />
        )}
        {others.length > 0 && (
          <ul className="lines card">
            {others.map((hit) => (
              <li key={hit.cardholder_id}>
                <Avatar name={hit.name} />
                <span className="grow who">
                  <span>
                    <b>{hit.name ?? t('common.unnamed')}</b> <LifecyclePill value={hit.lifecycle} />
                    <small className="num">
                      {[hit.customer_no, hit.primary_phone_masked, hit.branch_name, hit.opened_on]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </span>
                </span>
                <Button size="small" onClick={() => onChoose(hit.cardholder_id)}>
                  {t('merges.choose')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
