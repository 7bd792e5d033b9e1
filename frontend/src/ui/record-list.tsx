import './data-table.css';
import { useMobile } from '@/lib/use-media';
import { type Column, DataTable } from './data-table';

/** Where a column goes when its row becomes a card: beside the first one, or among the labelled rest. */
export type RecordColumn<Row> = Column<Row> & { is_card_head?: boolean };

interface RecordListProps<Row> {
  label: string;
  columns: RecordColumn<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
}

/** A few facts per record: a table on a desk; on a phone a card each, led by the first column. */
export function RecordList<Row>(props: RecordListProps<Row>) {
  const mobile = useMobile();
  if (!mobile) return <DataTable {...props} />;
  const [lead, ...others] = props.columns;
  const head = others.filter((column) => column.is_card_head);
  const rest = others.filter((column) => !column.is_card_head);
  return (
    <ul className="card-list" aria-label={props.label}>
      {props.rows.map((row) => (
        <li key={props.rowKey(row)}>
          <div>
            <span className="row">
              <b className="grow">{lead?.cell(row)}</b>
              {head.map((column) => (
                <span key={column.key}>{column.cell(row)}</span>
              ))}
            </span>
            {rest.length > 0 && (
              <span className={rest.length === 4 ? 'trio is-square' : 'trio'}>
                {rest.map((column) => (
                  <span key={column.key}>
                    <small>{column.title}</small>
                    <b>{column.cell(row)}</b>
                  </span>
                ))}
              </span>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
