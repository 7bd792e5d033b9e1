import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/problem';

/** A page that could not be drawn, or whose session could not be asked for. Plain, as antd may not be there. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const away = error instanceof Problem && (error.status === 0 || error.status >= 502);
  return (
    <div className="crash" role="alert">
      <h1>{away ? t('problem.unavailable') : t('problem.unexpected')}</h1>
      <p>{away ? t('problem.unavailable_hint') : t('problem.unexpected_hint')}</p>
      <button
        type="button"
        className="button"
        onClick={() => {
          reset();
          location.reload();
        }}
      >
        {t('common.retry')}
      </button>
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="crash">
      <h1>{t('problem.page_not_found')}</h1>
      <p>{t('problem.page_not_found_hint')}</p>
      <Link to="/" className="button">
        {t('problem.go_home')}
      </Link>
    </div>
  );
}
