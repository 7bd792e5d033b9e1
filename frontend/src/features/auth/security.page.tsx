import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { KeyRound, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { call, http } from '@/api/client';
import { isProblem } from '@/api/problem';
import { loadMe, useMe } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { Page, Panel } from '@/ui/page';
import { Pill } from '@/ui/pill';
import { useProblemText } from '@/ui/problem-text';
import { QueryState } from '@/ui/query-state';
import { type OpenSession, SessionLines } from '@/ui/session-lines';
import { type SecondFactorState, secondFactorQuery, sessionsQuery } from './security-queries';

/** Codes left from which on somebody should think of new ones. */
const FEW_CODES = 3;

export function SecurityPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('security.title')} subtitle={t('security.subtitle')} shape="narrow">
      <div className="stack">
        <SecondFactor />
        <Password />
        <Sessions />
      </div>
    </Page>
  );
}

function SecondFactor() {
  const { t } = useTranslation();
  const query = useQuery({ ...secondFactorQuery, staleTime: 0 });
  return (
    <Panel title={t('security.second_factor')} is_flush>
      <QueryState query={query}>
        {(state) => (
          <ul className="lines">
            <li>
              {state.second_factor_enrolled_at ? (
                <ShieldCheck size={16} color="var(--ok)" aria-hidden />
              ) : (
                <ShieldAlert size={16} color="var(--warn)" aria-hidden />
              )}
              <StateText state={state} />
              <Pill tone={state.second_factor_enrolled_at ? 'ok' : 'warn'} has_dot>
                {t(state.second_factor_enrolled_at ? 'security.on' : 'security.off')}
              </Pill>
              {state.second_factor_enrolled_at ? (
                <RemoveButton isDue={state.second_factor_due_at !== null} />
              ) : (
                <Link to="/second-factor" className="button is-primary">
                  {t('security.set_up')}
                </Link>
              )}
            </li>
          </ul>
        )}
      </QueryState>
    </Panel>
  );
}

function StateText({ state }: { state: SecondFactorState }) {
  const { t } = useTranslation();
  const { second_factor_enrolled_at: since, second_factor_due_at: due, recovery_codes_left: n } = state;
  if (!since)
    return (
      <div className="grow">{due ? t('security.none_due', { at: dateTime(due) }) : t('security.none')}</div>
    );
  return (
    <div className="grow">
      {t('security.enrolled_at', { at: dateTime(since), n })}
      {n <= FEW_CODES && <small className="muted"> {t('security.few_codes')}</small>}
    </div>
  );
}

function RemoveButton({ isDue }: { isDue: boolean }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(http.DELETE('/api/v1/auth/second_factor')),
    onSuccess: () => {
      void message.success(t('security.removed'));
      void loadMe();
    },
    onError: (error) => {
      if (!isProblem(error, 'staff.step_up_required')) void message.error(say(error).title);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['security'] }),
  });
  const ask = () =>
    modal.confirm({
      title: t('security.remove_confirm'),
      content: t(isDue ? 'security.remove_due' : 'security.remove_hint'),
      okText: t('security.remove'),
      okButtonProps: { danger: true },
      // The dialog goes before the question for the code comes.
      onOk: () => remove.mutate(),
    });
  return (
    <Button size="small" loading={remove.isPending} onClick={ask}>
      {t('security.remove')}
    </Button>
  );
}

function Password() {
  const { t } = useTranslation();
  return (
    <Panel title={t('security.password')} is_flush>
      <ul className="lines">
        <li>
          <KeyRound size={16} color="var(--text-3)" aria-hidden />
          <div className="grow">{t('security.password_hint')}</div>
          <Link to="/password" className="button">
            {t('shell.change_password')}
          </Link>
        </li>
      </ul>
    </Panel>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const { idle_minutes } = useMe();
  const { message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const query = useQuery({ ...sessionsQuery, staleTime: 0 });
  const shared = {
    onSuccess: () => void message.success(t('security.ended')),
    onError: (error: unknown) => void message.error(say(error).title),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  };
  const end = useMutation({
    ...shared,
    mutationFn: ({ session_id }: OpenSession) =>
      call(http.POST('/api/v1/sessions/{session_id}/end', { params: { path: { session_id } } })),
  });
  const endOthers = useMutation({
    ...shared,
    mutationFn: () => call(http.POST('/api/v1/sessions/end_others')),
  });
  const hasOthers = (query.data?.items.length ?? 0) > 1;
  return (
    <Panel
      title={t('security.sessions')}
      sub={t('security.sessions_hint', { n: idle_minutes })}
      is_flush
      extra={
        hasOthers && (
          <Button size="small" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('security.end_others')}
          </Button>
        )
      }
    >
      <QueryState query={query}>
        {({ items }) => <SessionLines sessions={items} onEnd={(session) => end.mutate(session)} />}
      </QueryState>
    </Panel>
  );
}
