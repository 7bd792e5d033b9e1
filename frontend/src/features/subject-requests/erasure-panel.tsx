import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { Panel } from '@/ui/page';
import { ProblemBanner } from '@/ui/problem-alert';
import { QueryState } from '@/ui/query-state';
import { HoldDialog } from './hold-dialog';
import {
  type ErasureCheck,
  erasureCheckQuery,
  liftHold,
  requestErasure,
  type SubjectRequest,
} from './queries';

/** Whether they may be erased, what stands in the way, and asking for it. */
export function ErasurePanel({ request }: { request: SubjectRequest }) {
  const { t } = useTranslation();
  const query = useQuery(erasureCheckQuery(request.cardholder_id));
  return (
    <Panel title={t('law.erasure.title')}>
      <QueryState query={query}>{(check) => <Check request={request} check={check} />}</QueryState>
    </Panel>
  );
}

function Check({ request, check }: { request: SubjectRequest; check: ErasureCheck }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const mayHold = useCan('legal_holds:write');
  const [isHolding, setHolding] = useState(false);
  const { cardholder_id, request_id } = request;
  const again = () => queryClient.invalidateQueries({ queryKey: erasureCheckQuery(cardholder_id).queryKey });
  const submit = useMutation({
    mutationFn: () => requestErasure(request_id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['approvals'] }),
    onError: again,
  });
  const lift = useMutation({
    mutationFn: (hold_id: string) => liftHold(cardholder_id, hold_id),
    onSettled: again,
  });
  const error = submit.error ?? lift.error;
  if (check.is_erased)
    return <p role="status">{t('law.erasure.erased', { at: dateTime(check.erased_at ?? '') })}</p>;
  const approval_id = submit.data?.approval.approval_id;
  return (
    <div className="stack">
      {error && <ProblemBanner error={error} />}
      <p className="muted">{t('law.erasure.hint')}</p>
      {check.obstacles.length === 0 ? (
        <p role="status">{t('law.erasure.free')}</p>
      ) : (
        <ul className="lines" aria-label={t('law.erasure.obstacles')}>
          {check.obstacles.map(({ obstacle, until_on, hold_id, reason }) => (
            <li key={hold_id ?? obstacle}>
              <ShieldAlert size={15} aria-hidden />
              <div className="grow">
                <b>{t(`law.erasure.obstacle.${obstacle}`)}</b>
                <div className="muted num">
                  {until_on && t('law.erasure.until', { on: until_on })}
                  {reason && t(`law.erasure.reason.${reason}`)}
                </div>
              </div>
              {hold_id && mayHold && (
                <Button size="small" loading={lift.isPending} onClick={() => lift.mutate(hold_id)}>
                  {t('law.erasure.lift')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {approval_id && (
        <p role="status">
          <Link to="/approvals/$approval_id" params={{ approval_id }}>
            {t('law.erasure.waiting')}
          </Link>
        </p>
      )}
      <div className="row">
        {request.status === 'open' && !approval_id && (
          <Button
            type="primary"
            danger
            disabled={!check.is_allowed}
            loading={submit.isPending}
            onClick={() => submit.mutate()}
          >
            {t('law.erasure.submit')}
          </Button>
        )}
        {mayHold && <Button onClick={() => setHolding(true)}>{t('law.erasure.hold')}</Button>}
      </div>
      {isHolding && (
        <HoldDialog
          cardholder_id={cardholder_id}
          onClose={() => {
            setHolding(false);
            void again();
          }}
        />
      )}
    </div>
  );
}
