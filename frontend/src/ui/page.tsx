import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '@/lib/i18n';

interface PageProps {
  title: string;
  subtitle?: ReactNode;
  crumbs?: ReactNode;
  actions?: ReactNode;
  /** `fill`: the page is as high as the window and its table scrolls inside. */
  shape?: 'fill' | 'narrow';
  children: ReactNode;
}

export function Page({ title, subtitle, crumbs, actions, shape, children }: PageProps) {
  useTitle(title);
  return (
    <div className={`page${shape ? ` is-${shape}` : ''}`}>
      {crumbs}
      <div className="page-head">
        <div className="grow">
          <h1>{title}</h1>
          {subtitle && <p>{subtitle}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** Parent pages as links, then this page's name. */
export function Crumbs({ children, current }: { children: ReactNode; current: string }) {
  const { t } = useTranslation();
  return (
    <nav className="crumbs" aria-label={t('common.breadcrumb')}>
      {children}
      <span aria-hidden>/</span>
      <span aria-current="page">{current}</span>
    </nav>
  );
}

interface PanelProps {
  title: ReactNode;
  sub?: ReactNode;
  extra?: ReactNode;
  is_flush?: boolean;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, sub, extra, is_flush = false, className = '', children }: PanelProps) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {sub && <small>{sub}</small>}
        <span className="grow" />
        {extra}
      </div>
      <div className={`card-body${is_flush ? ' is-flush' : ''}`}>{children}</div>
    </section>
  );
}
