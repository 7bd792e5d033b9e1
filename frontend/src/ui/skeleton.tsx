import { useTranslation } from 'react-i18next';

export function Skeleton({ height = 14, width = '100%' }: { height?: number; width?: number | string }) {
  return <span className="skeleton" style={{ height, width }} />;
}

const range = (n: number) => Array.from({ length: n }, (_, index) => index);

/** Rows shaped like a table about to come. */
export function RowsSkeleton({ rows = 8, height = 44 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div aria-busy="true" style={{ padding: '0 16px' }}>
      <span className="sr-only">{t('common.loading')}</span>
      {range(rows).map((row) => (
        <div key={row} className="row" style={{ height, gap: 28 }}>
          <Skeleton width={`${22 + ((row * 7) % 9)}%`} />
          <Skeleton width="14%" />
          <Skeleton width={`${10 + ((row * 5) % 8)}%`} />
          <span className="grow" />
          <Skeleton width="12%" />
        </div>
      ))}
    </div>
  );
}

export function PanelSkeleton({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div aria-busy="true" className="stack" style={{ gap: 14, padding: '6px 0' }}>
      <span className="sr-only">{t('common.loading')}</span>
      {range(lines).map((line) => (
        <Skeleton key={line} width={`${90 - ((line * 17) % 40)}%`} />
      ))}
    </div>
  );
}

/** While a page's code is on its way. */
export function PageSkeleton() {
  return (
    <div className="page" aria-busy="true">
      <div className="stack">
        <Skeleton height={26} width={180} />
        <div className="card" style={{ padding: 20 }}>
          <PanelSkeleton lines={3} />
        </div>
        <div className="card" style={{ padding: '8px 0' }}>
          <RowsSkeleton />
        </div>
      </div>
    </div>
  );
}
