import './keys.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { KeyRound, RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { count } from '@/lib/number';
import { Page, Panel } from '@/ui/page';
import { Pill, type Tone } from '@/ui/pill';
import { useProblemText } from '@/ui/problem-text';
import { QueryState } from '@/ui/query-state';
import { isRunning, type Keys, keysQuery, type MasterKey, type RotationKind, rotate } from './queries';
import { RotationBanner } from './rotation-banner';

const TONES: Record<MasterKey['status'], Tone> = {
  current: 'ok',
  in_use: 'primary',
  retired: 'plain',
  missing: 'danger',
};

export function KeysPage() {
  const { t } = useTranslation();
  const query = useQuery(keysQuery);
  return (
    <Page title={t('system.keys.title')} subtitle={t('system.keys.subtitle')} shape="narrow">
      <QueryState query={query} is_small={false}>
        {(keys) => (
          <div className="stack">
            {!keys.is_rotatable && <p className="banner is-info">{t('system.keys.from_environment')}</p>}
            <RotationBanner rotation={keys.rotation} />
            <MasterKeys keys={keys} />
            <TokenKeys keys={keys} />
          </div>
        )}
      </QueryState>
    </Page>
  );
}

function MasterKeys({ keys }: { keys: Keys }) {
  const { t } = useTranslation();
  const leftOver = keys.master_keys.some((key) => key.status === 'in_use');
  return (
    <Panel
      title={t('system.keys.master')}
      sub={t('system.keys.master_hint')}
      is_flush
      extra={
        <span className="row">
          {leftOver && !isRunning(keys) && <RotateButton kind="rewrap" keys={keys} />}
          {keys.is_rotatable && <RotateButton kind="master" keys={keys} />}
        </span>
      }
    >
      <ul className="lines">
        {keys.master_keys.map((key) => (
          <li key={key.key_id}>
            <KeyRound size={15} color="var(--text-3)" aria-hidden />
            <div className="grow">
              <b className="num" translate="no">
                {key.key_id}
              </b>
              <Made at={key.created_at} />
            </div>
            <span className="num key-count">{t('system.keys.wraps', { n: count(key.data_key_count) })}</span>
            <Pill tone={TONES[key.status]} has_dot>
              {t(`code.master_key_status.${key.status}`)}
            </Pill>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function TokenKeys({ keys }: { keys: Keys }) {
  const { t } = useTranslation();
  return (
    <Panel
      title={t('system.keys.token')}
      sub={t('system.keys.token_hint')}
      is_flush
      extra={keys.is_rotatable && <RotateButton kind="token" keys={keys} />}
    >
      <ul className="lines">
        {keys.token_keys.map((key) => (
          <li key={key.key_id}>
            <KeyRound size={15} color="var(--text-3)" aria-hidden />
            <div className="grow">
              <b className="num" translate="no">
                {key.key_id}
              </b>
              <Made at={key.created_at} />
            </div>
            {key.until && (
              <span className="num key-count">{t('system.keys.until', { at: dateTime(key.until) })}</span>
            )}
            <Pill tone={key.is_current ? 'ok' : 'plain'} has_dot>
              {t(key.is_current ? 'code.master_key_status.current' : 'system.keys.accepted')}
            </Pill>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Made({ at }: { at: string | null }) {
  const { t } = useTranslation();
  return (
    <small className="muted key-made">
      {at ? t('system.keys.made_at', { at: dateTime(at) }) : t('system.keys.made_unknown')}
    </small>
  );
}

/** Asks first: what is done to keys is done to everybody. */
function RotateButton({ kind, keys }: { kind: RotationKind; keys: Keys }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const say = useProblemText();
  const queryClient = useQueryClient();
  const may = useCan('keys:rotate');
  const change = useMutation({
    mutationFn: () => rotate(kind),
    onSuccess: ({ key_id }) => void message.success(t(`system.keys.${kind}_done`, { key_id })),
    onError: (error) => {
      if (!isProblem(error, 'staff.step_up_required')) void message.error(say(error).title);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (!may) return null;
  const ask = () =>
    modal.confirm({
      title: t(`system.keys.${kind}_confirm`),
      content: t(`system.keys.${kind}_explained`),
      okText: t(`system.keys.${kind}_action`),
      // The dialog goes before the question for the password comes.
      onOk: () => change.mutate(),
    });
  return (
    <Button
      size="small"
      icon={<RefreshCw size={14} />}
      loading={change.isPending}
      disabled={kind !== 'token' && isRunning(keys)}
      onClick={ask}
    >
      {t(`system.keys.${kind}_action`)}
    </Button>
  );
}
