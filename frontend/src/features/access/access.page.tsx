import './access.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Input } from 'antd';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { withoutEmpty } from '@/lib/url-state';
import { Page } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { RowsSkeleton } from '@/ui/skeleton';
import { TabPanel, Tabs } from '@/ui/tabs';
import { FieldClasses } from './field-classes';
import { accessMatrixQuery } from './queries';
import { RoleMatrix } from './role-matrix';
import type { AccessSearch } from './routes';

const route = getRouteApi('/shell/access');

/** Who may do and see what, as the server applies it. */
export function AccessPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(accessMatrixQuery);
  const { tab = 'roles', q = '' } = search;
  const go = (patch: AccessSearch) =>
    void navigate({ to: '/access', search: withoutEmpty({ ...search, ...patch }), replace: true });
  return (
    <Page title={t('desk.access.title')} subtitle={t('desk.access.subtitle')}>
      <section className="card list-card">
        <Tabs
          id="access"
          label={t('desk.access.title')}
          items={(['roles', 'fields'] as const).map((key) => ({ key, label: t(`desk.access.tab_${key}`) }))}
          active={tab}
          onChange={(key) => go({ tab: key === 'roles' ? undefined : key, q: undefined })}
        />
        <search className="toolbar">
          <Input
            prefix={<Search size={15} color="var(--text-3)" aria-hidden />}
            aria-label={t(`desk.access.search_${tab}`)}
            placeholder={t(`desk.access.search_${tab}`)}
            value={q}
            onChange={(event) => go({ q: event.target.value })}
            allowClear
            autoComplete="off"
            spellCheck={false}
            maxLength={60}
            style={{ width: 320, maxWidth: '100%' }}
          />
        </search>
        <TabPanel id="access" active={tab}>
          <QueryState query={query} skeleton={<RowsSkeleton />} is_small={false}>
            {(matrix) =>
              tab === 'roles' ? (
                <RoleMatrix roles={matrix.roles} q={q} />
              ) : (
                <FieldClasses tables={matrix.tables} q={q} />
              )
            }
          </QueryState>
        </TabPanel>
      </section>
    </Page>
  );
}
