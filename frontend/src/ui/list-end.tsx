import './data-table.css';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@/lib/number';

type Pages = Pick<
  UseInfiniteQueryResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage'
>;

interface ListEndProps {
  pages: Pages;
  shown: number;
  /** Also load by itself when scrolled into view; for lists that scroll with the page. */
  is_auto?: boolean;
}

/** The foot of a keyset list: how much is here, the rest by button or by scrolling, and a failed page's retry. */
export function ListEnd({ pages, shown, is_auto = false }: ListEndProps) {
  const { t } = useTranslation();
  const foot = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (!is_auto || !hasNextPage || isFetchNextPageError || !foot.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
      },
      { rootMargin: '600px' },
    );
    observer.observe(foot.current);
    return () => observer.disconnect();
  }, [is_auto, hasNextPage, isFetchNextPageError, fetchNextPage]);
  const label = isFetchNextPageError ? t('common.retry') : t('common.load_more');
  return (
    <div ref={foot} className="list-end num" aria-live="polite">
      {hasNextPage ? t('common.shown', { n: count(shown) }) : t('common.end_of_list', { n: count(shown) })}
      {hasNextPage && (
        <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {label}
        </Button>
      )}
    </div>
  );
}
