import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox } from 'antd';
import { CircleCheck, CircleX, Download, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '@/api/transfer';
import { useCode } from '@/lib/i18n';
import { count } from '@/lib/number';
import { Panel } from '@/ui/page';
import { ProblemBanner } from '@/ui/problem-alert';
import { useProblemText } from '@/ui/problem-text';
import { cancel, type Import, importQuery, isLive, type Report, type Run, start } from './queries';
import { RunBar } from './state';
import { useFaultWords } from './use-fault';

/** More than any file has: every faulty row is left out. */
const ALL_ROWS = 20_000_000;

/** Trying and importing, how far that is, and what it came to. */
export function RunPanel({ one, mapping }: { one: Import; mapping: Record<string, string> }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [skipsBad, setSkipsBad] = useState((one.run?.errors_max ?? 0) > 0);
  const runs = useRuns(one);
  const lacks = one.fields.some((field) => field.is_required && mapping[field.name] === undefined);
  const begin = (is_dry_run: boolean) =>
    runs.start.mutate({ mapping, is_dry_run, errors_max: skipsBad ? ALL_ROWS : 0 });
  const confirm = () =>
    modal.confirm({ title: t('imports.run_confirm'), okText: t('imports.run'), onOk: () => begin(false) });
  return (
    <Panel title={t('imports.result')}>
      <div className="stack">
        {runs.start.isError && <ProblemBanner error={runs.start.error} />}
        {isLive(one) ? (
          <div className="row import-live" role="status">
            <span className="grow">
              <RunBar one={one} />
            </span>
            <Button onClick={() => runs.cancel.mutate()} loading={runs.cancel.isPending}>
              {t('imports.cancel')}
            </Button>
          </div>
        ) : (
          <>
            {one.run && <Outcome run={one.run} />}
            <div className="row import-actions">
              <Checkbox checked={skipsBad} onChange={(event) => setSkipsBad(event.target.checked)}>
                {t('imports.skip_bad')}
                <small className="muted import-hint">{t('imports.skip_bad_hint')}</small>
              </Checkbox>
              <span className="grow" />
              <Button disabled={lacks} loading={runs.start.isPending} onClick={() => begin(true)}>
                {t('imports.try')}
              </Button>
              <Button type="primary" disabled={lacks || runs.start.isPending} onClick={confirm}>
                {t('imports.run')}
              </Button>
            </div>
          </>
        )}
        {one.run?.report && one.run.report.refused > 0 && !isLive(one) && (
          <Refused one={one} report={one.run.report} has_file={one.run.has_errors_file} />
        )}
      </div>
    </Panel>
  );
}

function useRuns(one: Import) {
  const { message } = App.useApp();
  const line = useProblemText();
  const cache = useQueryClient();
  const keep = (fresh: Import) => {
    cache.setQueryData(importQuery(one.import_id).queryKey, fresh);
    void cache.invalidateQueries({ queryKey: ['imports', 'list'] });
  };
  return {
    start: useMutation({
      mutationFn: (wish: Parameters<typeof start>[1]) => start(one.import_id, wish),
      onSuccess: keep,
    }),
    cancel: useMutation({
      mutationFn: () => cancel(one.import_id),
      onSuccess: keep,
      onError: (error) => message.error(line(error).line),
      onSettled: () => cache.invalidateQueries({ queryKey: ['imports', one.import_id], exact: true }),
    }),
  };
}

function Outcome({ run }: { run: Run }) {
  const { t } = useTranslation();
  const words = useFaultWords();
  if (!run.report || !run.outcome) {
    return (
      <p className="banner is-danger" role="status">
        <CircleX size={16} aria-hidden />
        <b>{t('imports.ended')}</b>
        {run.error_code && words(run.error_code)}
      </p>
    );
  }
  const figures = {
    inserted: count(run.report.inserted),
    unchanged: count(run.report.unchanged),
    refused: count(run.report.refused),
  };
  if (run.outcome === 'refused') {
    return (
      <p className="banner is-warn" role="status">
        <TriangleAlert size={16} aria-hidden />
        <b>{t('imports.refused_all', figures)}</b>
      </p>
    );
  }
  return (
    <p className="banner is-info" role="status">
      <CircleCheck size={16} aria-hidden />
      <b>{t(run.outcome === 'checked' ? 'imports.tried_ok' : 'imports.imported', figures)}</b>
      {run.report.refused > 0 && t('imports.refused_some', figures)}
    </p>
  );
}

function Refused({ one, report, has_file }: { one: Import; report: Report; has_file: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const line = useProblemText();
  const words = useFaultWords();
  const name = useCode();
  const download = useMutation({
    mutationFn: () =>
      saveAs(
        `/api/v1/imports/${one.import_id}/errors`,
        `${one.file_name.replace(/\.[^.]*$/, '')}-errors.csv`,
      ),
    onError: (error) => message.error(line(error).line),
  });
  const columnOf = (field: string) => one.mapping[field] ?? name('imports.field', field);
  return (
    <section className="import-refused" aria-label={t('imports.errors')}>
      <div className="row">
        <b>{t('imports.errors')}</b>
        <small className="muted grow">{t('imports.errors_hint')}</small>
        {has_file && (
          <Button
            icon={<Download size={15} />}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            {t('imports.download')}
          </Button>
        )}
      </div>
      <div className="import-scroll is-short">
        <table className="import-table">
          <thead>
            <tr>
              <th scope="col">{t('imports.line')}</th>
              <th scope="col">{t('imports.column')}</th>
              <th scope="col">{t('imports.code')}</th>
            </tr>
          </thead>
          <tbody>
            {report.errors.map((error) => (
              <tr key={`${error.line} ${error.column} ${error.code}`}>
                <td className="num">{error.line || '—'}</td>
                <td>{error.column ? columnOf(error.column) : '—'}</td>
                <td>{words(error.code)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {report.errors.length < report.refused && (
        <small className="muted num">{t('imports.errors_shown', { n: count(report.errors.length) })}</small>
      )}
    </section>
  );
}
