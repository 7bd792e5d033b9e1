import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { Radar } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from '@/ui/data-table';
import { Empty } from '@/ui/empty';
import { ListEnd } from '@/ui/list-end';
import { Page } from '@/ui/page';
import { CodeSelect } from '@/ui/pickers';
import { Pill } from '@/ui/pill';
import { ProblemState } from '@/ui/problem-alert';
import { RowsSkeleton } from '@/ui/skeleton';
import { AnomalyReview } from './anomaly-review';
import { useAnomalyText } from './anomaly-text';
import { ANOMALY_KINDS, VERDICT_TONES } from './codes';
import { type Anomaly, anomaliesQuery } from './queries';
import type { AnomalySearch } from './routes';
import './audit.css';

const route = getRouteApi('/shell/anomalies');

export function AnomaliesPage() {
  const { t } = useTranslation();
  const mobile = useMobile();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [judging, setJudging] = useState<Anomaly | null>(null);
  const pages = useInfiniteQuery(anomaliesQuery(search));
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const columns = useColumns(setJudging);
  const go = (next: AnomalySearch) => void navigate({ to: '/anomalies', search: next, replace: true });
  return (
    <Page
      title={t('system.anomalies.title')}
      subtitle={t('system.anomalies.subtitle')}
      shape={mobile ? undefined : 'fill'}
    >
      <section className="card list-card">
        <Filters search={search} onChange={go} />
        {pages.isPending ? (
          <RowsSkeleton />
        ) : pages.isError && rows.length === 0 ? (
          <ProblemState error={pages.error} onRetry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={Radar} title={t('system.anomalies.empty')} hint={t('system.anomalies.empty_hint')} />
        ) : mobile ? (
          <AnomalyCards rows={rows} onJudge={setJudging} />
        ) : (
          <DataTable
            label={t('system.anomalies.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.anomaly_id}
            is_fill
            is_stale={pages.isPlaceholderData}
          />
        )}
        {rows.length > 0 && <ListEnd pages={pages} shown={rows.length} is_auto={mobile} />}
      </section>
      {judging && <AnomalyReview anomaly={judging} onClose={() => setJudging(null)} />}
    </Page>
  );
}

function Filters({ search, onChange }: { search: AnomalySearch; onChange: (next: AnomalySearch) => void }) {
  const { t } = useTranslation();
  return (
    <search className="toolbar">
      <CodeSelect
        aria-label={t('system.anomalies.kind')}
        placeholder={t('system.anomalies.kind')}
        values={ANOMALY_KINDS}
        name={(kind) => t(`system.anomalies.kinds.${kind}`)}
        value={search.kind}
        onChange={(kind) => onChange({ ...search, kind })}
        style={{ width: 170 }}
      />
      <CodeSelect
        aria-label={t('system.anomalies.state')}
        placeholder={t('system.anomalies.state')}
        values={['false', 'true'] as const}
        name={(value) => (value === 'true' ? t('system.anomalies.judged') : t('system.anomalies.waiting'))}
        value={search.is_reviewed}
        onChange={(is_reviewed) => onChange({ ...search, is_reviewed })}
        style={{ width: 130 }}
      />
    </search>
  );
}

function Verdict({ anomaly, onJudge }: { anomaly: Anomaly; onJudge: (anomaly: Anomaly) => void }) {
  const { t } = useTranslation();
  if (anomaly.verdict)
    return (
      <span title={anomaly.review_note ?? undefined}>
        <Pill tone={VERDICT_TONES[anomaly.verdict]} has_dot>
          {t(`system.anomalies.verdicts.${anomaly.verdict}`)}
        </Pill>
      </span>
    );
  if (!anomaly.is_reviewable) return <span className="muted">{t('system.anomalies.waiting')}</span>;
  return (
    <Button size="small" onClick={() => onJudge(anomaly)}>
      {t('system.anomalies.review')}
    </Button>
  );
}

/** To the entries behind a finding, for those who may read the trail; else to the cardholder it is about. */
function Evidence({ anomaly }: { anomaly: Anomaly }) {
  const { t } = useTranslation();
  const seesTrail = useCan('audit:read');
  const { cardholder_id, staff_id, happened_on } = anomaly;
  if (seesTrail)
    return (
      <Link className="link" to="/audit" search={{ staff_id, day_from: happened_on, day_to: happened_on }}>
        {t('system.anomalies.evidence')}
      </Link>
    );
  if (!cardholder_id) return '—';
  return (
    <Link className="link" to="/cardholders/$cardholder_id" params={{ cardholder_id }}>
      {t('system.anomalies.cardholder')}
    </Link>
  );
}

function useColumns(onJudge: (anomaly: Anomaly) => void): Column<Anomaly>[] {
  const { t } = useTranslation();
  const say = useAnomalyText();
  const label = 'system.anomalies' as const;
  return [
    {
      key: 'on',
      title: t(`${label}.day`),
      width: 116,
      cell: (row) => <span className="num">{row.happened_on}</span>,
    },
    {
      key: 'who',
      title: t(`${label}.who`),
      width: 150,
      cell: (row) => (
        <>
          {row.staff_name} <span className="num muted">{row.staff_no}</span>
        </>
      ),
    },
    { key: 'branch', title: t(`${label}.branch`), width: 150, cell: (row) => row.branch_name ?? '—' },
    {
      key: 'kind',
      title: t(`${label}.kind`),
      width: 140,
      cell: (row) => <Pill tone="warn">{t(`${label}.kinds.${row.kind}`)}</Pill>,
    },
    { key: 'what', title: t(`${label}.what`), cell: (row) => <span title={say(row)}>{say(row)}</span> },
    { key: 'evidence', title: t(`${label}.more`), width: 110, cell: (row) => <Evidence anomaly={row} /> },
    {
      key: 'verdict',
      title: t(`${label}.verdict`),
      width: 120,
      cell: (row) => <Verdict anomaly={row} onJudge={onJudge} />,
    },
  ];
}

function AnomalyCards({ rows, onJudge }: { rows: Anomaly[]; onJudge: (anomaly: Anomaly) => void }) {
  const { t } = useTranslation();
  const say = useAnomalyText();
  return (
    <ul className="card-list">
      {rows.map((row) => (
        <li key={row.anomaly_id}>
          <div>
            <span className="row">
              <b className="grow">
                {row.staff_name} <span className="num muted">{row.staff_no}</span>
              </b>
              <Pill tone="warn">{t(`system.anomalies.kinds.${row.kind}`)}</Pill>
            </span>
            <p className="anomaly-text">{say(row)}</p>
            <span className="row">
              <span className="grow muted num">{row.happened_on}</span>
              <Evidence anomaly={row} />
              <Verdict anomaly={row} onJudge={onJudge} />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
