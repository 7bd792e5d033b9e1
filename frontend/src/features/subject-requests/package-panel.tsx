import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/api/session';
import { dateTime } from '@/lib/dates';
import { Panel } from '@/ui/page';
import { ProblemBanner } from '@/ui/problem-alert';
import { OpenDialog } from './open-dialog';
import { makePackage, type SubjectRequest, subjectRequestQuery } from './queries';

/** How often the page looks whether the job is done. */
const LOOK_MS = 1_500;

/** The copy they asked for: made by a job, handed over for a purpose and after the password. */
export function PackagePanel({ request }: { request: SubjectRequest }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { request_id, package_made_at, package_expires_at } = request;
  const [before, setBefore] = useState<string | null | undefined>(undefined);
  const isMaking = before !== undefined && before === package_made_at;
  const key = subjectRequestQuery(request_id).queryKey;
  useEffect(() => {
    if (!isMaking) return;
    const timer = setInterval(() => void queryClient.invalidateQueries({ queryKey: key }), LOOK_MS);
    return () => clearInterval(timer);
  });
  const make = useMutation({
    mutationFn: () => makePackage(request_id),
    onSuccess: () => setBefore(package_made_at),
  });
  const [isOpening, setOpening] = useState(false);
  const mayMake = useCan('subject_requests:handle') && request.status === 'open';
  const mayOpen = useCan('subject_packages:open');
  return (
    <Panel title={t('law.package.title')}>
      <div className="stack">
        {make.error && <ProblemBanner error={make.error} />}
        <p className="muted" role="status">
          {isMaking
            ? t('law.package.making')
            : package_made_at && package_expires_at
              ? t('law.package.ready', { at: dateTime(package_made_at), until: dateTime(package_expires_at) })
              : t('law.package.hint')}
        </p>
        <div className="row">
          {mayMake && (
            <Button loading={make.isPending || isMaking} onClick={() => make.mutate()}>
              {t(package_made_at ? 'law.package.again' : 'law.package.make')}
            </Button>
          )}
          {package_expires_at && mayOpen && (
            <Button type="primary" onClick={() => setOpening(true)}>
              {t('law.package.download')}
            </Button>
          )}
        </div>
        {isOpening && <OpenDialog request_id={request_id} onClose={() => setOpening(false)} />}
      </div>
    </Panel>
  );
}
