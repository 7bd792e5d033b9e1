import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useWindowRows } from './use-window-rows';
import './data-table.css';

export interface Column<Row> {
  key: string;
  title: string;
  /** The title is for screen readers only. */
  is_untitled?: boolean;
  /** Pixels; a column without one takes what is left. */
  width?: number;
  is_end?: boolean;
  /** Stays in view when the table is scrolled sideways. */
  is_pinned?: boolean;
  /** The server's sort values for this column. */
  sort?: { asc: string; desc?: string };
  cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sort?: string;
  onSort?: (sort: string) => void;
  /** Called for a click on a row that is no click on something inside it; rows with a link need none. */
  onOpen?: (row: Row) => void;
  /** Rows hold a link that a click anywhere on them follows. */
  is_linked?: boolean;
  onNearEnd?: () => void;
  is_fill?: boolean;
  is_dense?: boolean;
  is_stale?: boolean;
}

const NEAR_END_PX = 900;
const FREE_COLUMN_PX = 160;

/** A real table (screen readers, copy and paste, printing) that draws only the rows in view once it is long. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, is_dense = true, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = is_dense ? 44 : 50;
  const view = useWindowRows(scroller, rows.length, rowHeight);
  useNearEnd(scroller, rows.length, onNearEnd);
  const minWidth = columns.reduce((sum, column) => sum + (column.width ?? FREE_COLUMN_PX), 0);
  const classes = [
    'data-table',
    props.is_fill && 'is-fill',
    !is_dense && 'is-cozy',
    props.is_stale && 'is-stale',
  ];
  return (
    <section
      ref={scroller}
      className={classes.filter(Boolean).join(' ')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable with the keyboard
      tabIndex={0}
      aria-label={props.label}
      aria-busy={props.is_stale}
    >
      <table style={{ minWidth }} aria-rowcount={rows.length + 1}>
        <caption className="sr-only">{props.label}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={column.width ? { width: column.width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          <Spacer height={view.before_px} span={columns.length} />
          {rows.slice(view.first, view.last).map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={view.first + index + 2}
              className={props.onOpen || props.is_linked ? 'is-open-able' : undefined}
              onClick={(event) => openRow(event, () => props.onOpen?.(row))}
            >
              {columns.map((column) => (
                <td key={column.key} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Spacer height={view.after_px} span={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

const cellClass = <Row,>(column: Column<Row>): string | undefined =>
  [column.is_end && 'is-end', column.is_pinned && 'is-pinned'].filter(Boolean).join(' ') || undefined;

function Spacer({ height, span }: { height: number; span: number }) {
  if (height === 0) return null;
  return (
    <tr className="spacer" aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function HeadCell<Row>(props: { column: Column<Row>; sort?: string; onSort?: (sort: string) => void }) {
  const { column, sort, onSort } = props;
  const { t } = useTranslation();
  const offer = column.sort;
  if (!offer || !onSort) {
    return (
      <th scope="col" className={cellClass(column)}>
        {column.is_untitled ? <span className="sr-only">{column.title}</span> : column.title}
      </th>
    );
  }
  const state =
    sort === offer.asc ? 'ascending' : sort !== undefined && sort === offer.desc ? 'descending' : 'none';
  // Only ever there and back: "unsorted" is an order of its own, and may be the very one that the column shows.
  const next = state === 'ascending' && offer.desc ? offer.desc : offer.asc;
  const Icon = state === 'ascending' ? ArrowUp : state === 'descending' ? ArrowDown : ChevronsUpDown;
  return (
    <th scope="col" className={cellClass(column)} aria-sort={state}>
      <button
        type="button"
        title={t('common.sort_by', { column: column.title })}
        onClick={() => onSort(next)}
      >
        {column.title}
        <Icon size={13} aria-hidden />
      </button>
    </th>
  );
}

const INTERACTIVE = 'a, button, input, label, [role=button]';

/** A click anywhere on a row counts as one on its first link, modifier keys included. */
function openRow(event: MouseEvent<HTMLTableRowElement>, otherwise: () => void): void {
  if ((event.target as Element).closest(INTERACTIVE)) return;
  if (globalThis.getSelection()?.toString()) return;
  const link = event.currentTarget.querySelector('a');
  if (!link) {
    otherwise();
    return;
  }
  const { ctrlKey, metaKey, shiftKey } = event;
  link.dispatchEvent(
    new globalThis.MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }),
  );
}

function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = (event.target as Element).closest('tr');
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  const target = next?.querySelector<HTMLElement>('a, button');
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function useNearEnd(
  scroller: React.RefObject<HTMLElement | null>,
  count: number,
  onNearEnd: (() => void) | undefined,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows move the end away and the check must run again
  useEffect(() => {
    const element = scroller.current;
    if (!element || !onNearEnd) return;
    const check = () => {
      if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX) onNearEnd();
    };
    check();
    element.addEventListener('scroll', check, { passive: true });
    return () => element.removeEventListener('scroll', check);
  }, [scroller, count, onNearEnd]);
}
