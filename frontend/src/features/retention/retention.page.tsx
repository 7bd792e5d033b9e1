import './retention.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { Page, Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { rulesQuery } from './queries';
import { KeptTables, RuleList } from './rule-list';
import { RunActions } from './run-actions';
import { RunList } from './run-list';
import { RunReport } from './run-report';

const route = getRouteApi('/shell/retention');

export function RetentionPage() {
  const { t } = useTranslation();
  const query = useQuery(rulesQuery);
  const may = useCan('retention:run');
  const search = route.useSearch();
  const navigate = useNavigate();
  const open = useCallback(
    (run: string | undefined) => void navigate({ to: '/retention', search: { run }, replace: true }),
    [navigate],
  );
  return (
    <Page
      title={t('retention.title')}
      subtitle={t('retention.subtitle')}
      actions={may && <RunActions onBegun={open} />}
    >
      <div className="stack">
        <Panel title={t('retention.runs')} sub={t('retention.runs_hint')} is_flush>
          <RunList onOpen={open} />
        </Panel>
        <QueryState query={query} is_small={false}>
          {({ rules, kept }) => (
            <>
              <Panel title={t('retention.rules')} sub={t('retention.rules_hint')} is_flush>
                <RuleList rules={rules} />
              </Panel>
              <Panel title={t('retention.kept')} sub={t('retention.kept_hint')}>
                <KeptTables kept={kept} />
              </Panel>
            </>
          )}
        </QueryState>
      </div>
      {search.run && <RunReport run_id={search.run} onClose={() => open(undefined)} />}
    </Page>
  );
}
