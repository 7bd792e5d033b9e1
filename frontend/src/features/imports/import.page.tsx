import './imports.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '@/lib/dates';
import { count } from '@/lib/number';
import { Crumbs, Page, Panel } from '@/ui/page';
import { QueryState } from '@/ui/query-state';
import { MappingTable } from './mapping-table';
import { type Beginning, beginningQuery, type Import, importQuery, isLive } from './queries';
import { RunPanel } from './run-panel';
import { StatePill } from './state';

const route = getRouteApi('/shell/imports/$import_id');

/** One uploaded file: which column is which field, what a run did, what it refused. */
export function ImportPage() {
  const { t } = useTranslation();
  const { import_id } = route.useParams();
  const query = useQuery(importQuery(import_id));
  const one = query.data;
  return (
    <Page
      title={one?.file_name ?? t('imports.title')}
      subtitle={one && <Facts one={one} />}
      crumbs={
        <Crumbs current={one?.file_name ?? '…'}>
          <Link to="/imports">{t('imports.title')}</Link>
        </Crumbs>
      }
    >
      <QueryState query={query} is_small={false}>
        {(loaded) => <Content key={loaded.import_id} one={loaded} />}
      </QueryState>
    </Page>
  );
}

function Facts({ one }: { one: Import }) {
  const { t } = useTranslation();
  return (
    <span className="row import-facts">
      <StatePill one={one} />
      <span className="num">
        {[
          t(`imports.kind.${one.kind}`),
          t(`imports.format.${one.format}`),
          t(`imports.encoding.${one.encoding}`),
          `${count(Math.ceil(one.byte_count / 1024))} KB`,
          dateTime(one.created_at),
        ].join(' · ')}
      </span>
    </span>
  );
}

function Content({ one }: { one: Import }) {
  const { t } = useTranslation();
  const [mapping, setMapping] = useState<Record<string, string>>(one.mapping);
  const beginning = useQuery(beginningQuery(one.import_id));
  return (
    <div className="stack">
      <RunPanel one={one} mapping={mapping} />
      <Panel title={t('imports.mapping')} sub={t('imports.mapping_hint')} is_flush>
        <MappingTable
          one={one}
          mapping={mapping}
          sample={beginning.data}
          is_disabled={isLive(one)}
          onChange={setMapping}
        />
      </Panel>
      <Panel title={t('imports.beginning')} is_flush>
        <QueryState query={beginning}>{(rows) => <FirstRows beginning={rows} />}</QueryState>
      </Panel>
    </div>
  );
}

function FirstRows({ beginning }: { beginning: Beginning }) {
  const { t } = useTranslation();
  const columns = beginning.columns.map((name, at) => ({ name, key: `${at} ${name}`, at }));
  return (
    <section className="import-scroll" aria-label={t('imports.beginning')}>
      <table className="import-table">
        <thead>
          <tr>
            <th scope="col">{t('imports.line')}</th>
            {columns.map(({ name, key }) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {beginning.rows.map(({ line, cells }) => (
            <tr key={line}>
              <td className="num muted">{line}</td>
              {columns.map(({ key, at }) => (
                <td key={key}>{cells[at]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
