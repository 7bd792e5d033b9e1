import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '@/api/problem';
import { dateTime } from '@/lib/dates';
import { Panel } from '@/ui/page';
import { ProblemBanner } from '@/ui/problem-alert';
import { makePackage, openPackage, type SubjectRequest, subjectRequestQuery } from './queries';

/** How often the page looks whether the job is done. */
const LOOK_MS = 1_500;

/** The copy they asked for: made by a job, handed over after the password. */
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
  const hand = useMutation({
    mutationFn: () => openPackage(request_id),
    onSuccess: (opened) => save(`subject-request-${request_id}.json`, opened),
  });
  const error = make.error ?? hand.error;
  return (
    <Panel title={t('law.package.title')}>
      <div className="stack">
        {error && !isProblem(error, 'staff.step_up_required') && <ProblemBanner error={error} />}
        <p className="muted" role="status">
          {isMaking
            ? t('law.package.making')
            : package_made_at && package_expires_at
              ? t('law.package.ready', { at: dateTime(package_made_at), until: dateTime(package_expires_at) })
              : t('law.package.hint')}
        </p>
        <div className="row">
          {request.status === 'open' && (
            <Button loading={make.isPending || isMaking} onClick={() => make.mutate()}>
              {t(package_made_at ? 'law.package.again' : 'law.package.make')}
            </Button>
          )}
          {package_expires_at && (
            <Button type="primary" loading={hand.isPending} onClick={() => hand.mutate()}>
              {t('law.package.download')}
            </Button>
          )}
        </div>
      </div>
    </Panel>
  );
}

/** Lets the browser keep it as a file. */
function save(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
