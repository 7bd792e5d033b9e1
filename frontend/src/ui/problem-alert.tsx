import { Button } from 'antd';
import { CircleAlert, CloudOff, SearchX, ShieldX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';
import { Empty } from './empty';
import { useProblemText } from './problem-text';

/** In place of what could not be shown. */
export function ProblemState({
  error,
  onRetry,
  offer,
  is_small = false,
  is_page = false,
}: {
  error: unknown;
  onRetry?: () => void;
  /** What else may be done about something that is not there. */
  offer?: ReactNode;
  is_small?: boolean;
  is_page?: boolean;
}) {
  const { t } = useTranslation();
  const { title, hint, trace } = useProblemText()(error);
  const status = error instanceof Problem ? error.status : -1;
  const icon =
    status === 403
      ? ShieldX
      : status === 404
        ? SearchX
        : status === 0 || status >= 502
          ? CloudOff
          : CircleAlert;
  const retry = onRetry && status !== 403 && status !== 404;
  return (
    <div role="alert">
      <Empty
        icon={icon}
        title={title}
        hint={hint}
        trace={trace}
        is_small={is_small}
        is_page={is_page}
        action={
          retry ? <Button onClick={onRetry}>{t('common.retry')}</Button> : status === 404 ? offer : undefined
        }
      />
    </div>
  );
}

/** Above a form or beside an action that failed. */
export function ProblemBanner({ error }: { error: unknown }) {
  const { title, hint, trace } = useProblemText()(error);
  return (
    <div role="alert" className="banner is-danger">
      <CircleAlert size={16} aria-hidden />
      <div>
        <b>{title}</b>
        {hint}
        {trace && (
          <div>
            <code>{trace}</code>
          </div>
        )}
      </div>
    </div>
  );
}
