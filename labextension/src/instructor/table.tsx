import type { ReactElement } from 'react';
import { useState } from 'react';

/** A column of a table: how a row is shown and sorted in it. */
export interface IColumn<Row> {
  name: string;
  label: string;
  /** What is told of the column at the pointer. */
  title?: string;
  text: (row: Row) => string;
  /** A number to sort by; without it rows are sorted by their texts, and stand at the left. */
  figure?: (row: Row) => number;
}

interface IOrder {
  column: string;
  falling: boolean;
}

/** A table whose columns can be sorted by; figures stand at the right, below each other. */
export function Table<Row>(props: {
  label: string;
  columns: readonly IColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  foot?: Row;
}): ReactElement {
  const { label, columns, rows, rowKey, foot } = props;
  // In the order of the server, until somebody wants another.
  const [order, setOrder] = useState<IOrder | null>(null);
  return (
    <div className="jp-tutor-scrolled">
      <table className="jp-tutor-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => (
              <th
                key={column.name}
                scope="col"
                className={column.figure ? 'jp-tutor-figure' : ''}
                aria-sort={sortOf(column.name, order)}
              >
                <button
                  type="button"
                  className="jp-tutor-sort"
                  title={column.title}
                  onClick={() => {
                    setOrder(before => turned(column, before));
                  }}
                >
                  {column.label}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, columns, order).map(row => (
            <Line key={rowKey(row)} row={row} columns={columns} />
          ))}
        </tbody>
        {foot === undefined ? null : (
          <tfoot>
            <Line row={foot} columns={columns} />
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Line<Row>(props: { row: Row; columns: readonly IColumn<Row>[] }): ReactElement {
  const [first, ...others] = props.columns;
  return (
    <tr>
      <th scope="row">{first?.text(props.row)}</th>
      {others.map(column => (
        <td key={column.name} className={column.figure ? 'jp-tutor-figure' : ''}>
          {column.text(props.row)}
        </td>
      ))}
    </tr>
  );
}

function sortOf(column: string, order: IOrder | null): 'ascending' | 'descending' | undefined {
  if (order?.column !== column) {
    return undefined;
  }
  return order.falling ? 'descending' : 'ascending';
}

/** Figures are wanted with the most first, names by the alphabet; the second time turns it round. */
function turned<Row>(column: IColumn<Row>, before: IOrder | null): IOrder {
  const again = before?.column === column.name;
  return {
    column: column.name,
    falling: again ? !before.falling : column.figure !== undefined
  };
}

/** Rows in an order; those that are equal in it stay in that of the server. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly IColumn<Row>[],
  order: IOrder | null
): Row[] {
  const column = columns.find(({ name }) => name === order?.column);
  if (!column || order === null) {
    return [...rows];
  }
  const { figure, text } = column;
  const sign = order.falling ? -1 : 1;
  return [...rows].sort((one, other) =>
    figure ? sign * (figure(one) - figure(other)) : sign * text(one).localeCompare(text(other))
  );
}
