import { type RefObject, useEffect, useState } from 'react';

/** Below this, drawing every row is cheaper than deciding which. */
const WINDOW_FROM = 80;
const OVERSCAN = 12;

export interface RowWindow {
  first: number;
  last: number;
  before_px: number;
  after_px: number;
}

/** The rows worth drawing: all of a short list, else those in view and a few around. Rows are equally high. */
export function rowWindow(count: number, rowHeight: number, scrolled: number, viewHeight: number): RowWindow {
  if (count <= WINDOW_FROM || viewHeight === 0) return { first: 0, last: count, before_px: 0, after_px: 0 };
  const first = Math.max(0, Math.min(Math.floor(scrolled / rowHeight) - OVERSCAN, count));
  const last = Math.min(count, Math.ceil((scrolled + viewHeight) / rowHeight) + OVERSCAN);
  return { first, last, before_px: first * rowHeight, after_px: (count - last) * rowHeight };
}

export function useWindowRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowWindow {
  const [view, setView] = useState({ scrolled: 0, height: 0 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let frame = 0;
    const measure = () => {
      frame = 0;
      // Steps of a few rows: between them a scroll repaints nothing.
      const step = rowHeight * 4;
      const scrolled = Math.floor(element.scrollTop / step) * step;
      const height = element.clientHeight + step;
      setView((old) => (old.scrolled === scrolled && old.height === height ? old : { scrolled, height }));
    };
    const schedule = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    element.addEventListener('scroll', schedule, { passive: true });
    const observer = new ResizeObserver(schedule);
    observer.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', schedule);
      observer.disconnect();
    };
  }, [scroller, rowHeight]);
  return rowWindow(count, rowHeight, view.scrolled, view.height);
}
