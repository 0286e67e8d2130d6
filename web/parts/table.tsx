import { Fragment, type ReactNode } from "react";
import { shell } from "../text/shell-words.ts";
import { useText } from "./settings.tsx";

export type Column<Row> = {
  readonly key: string;
  /** Its unit in it: `$m`. */
  readonly title: ReactNode;
  /** Figures stand right, in one precision. */
  readonly kind: "text" | "figure";
  readonly cell: (row: Row) => ReactNode;
  readonly sortable?: "sortable";
  /** A class of its cells. */
  readonly name?: string;
};

export type Sort = { readonly key: string; readonly direction: "ascending" | "descending" };

type TableProps<Row> = {
  /** What the table holds; read before it by a screen reader. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The row above all others. */
  readonly total?: Row;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  /** What stands below a row, over the table's whole width; undefined: nothing is open. */
  readonly below?: (row: Row) => ReactNode;
  readonly rowClass?: (row: Row) => string;
  /** 28 or 36 px a row. */
  readonly density?: "dense" | "roomy";
};

/** A table with a sticky header and first column, figures aligned, the total first. It scrolls within itself where it must. */
export function Table<Row>(props: TableProps<Row>): ReactNode {
  const { caption, columns, rows, rowKey, total, density = "dense" } = props;
  return (
    // What scrolls must be reachable by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll" role="group" tabIndex={0} aria-label={caption}>
      <table className={density}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        {total === undefined ? undefined : (
          <tbody className="total">
            <Line row={total} id={rowKey(total)} columns={columns} />
            <Below row={total} columns={columns.length} below={props.below} />
          </tbody>
        )}
        <tbody>
          {rows.map((row) => (
            <Fragment key={rowKey(row)}>
              <Line row={row} id={rowKey(row)} columns={columns} name={props.rowClass?.(row)} />
              <Below row={row} columns={columns.length} below={props.below} />
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type HeadingProps<Row> = {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
};

function Heading<Row>({ column, sort, onSort }: HeadingProps<Row>): ReactNode {
  const { t } = useText();
  const sorted = sort?.key === column.key ? sort.direction : undefined;
  const names = [column.kind, column.name ?? ""].join(" ").trim();
  if (column.sortable === undefined || onSort === undefined) {
    return (
      <th scope="col" className={names}>
        {column.title}
      </th>
    );
  }
  // Figures are looked at from the largest down, words from A on.
  const first = column.kind === "figure" ? "descending" : "ascending";
  const other = first === "descending" ? "ascending" : "descending";
  const next = sorted === first ? other : first;
  return (
    <th scope="col" className={names} aria-sort={sorted ?? "none"}>
      <button type="button" className="sort" onClick={() => onSort({ key: column.key, direction: next })}>
        {column.title}
        <span aria-hidden="true" className="arrow">
          {sorted === undefined ? "" : sorted === "ascending" ? "▲" : "▼"}
        </span>
        {sorted === undefined ? undefined : (
          <span className="unseen">{t(sorted === "ascending" ? shell.sortedUp : shell.sortedDown)}</span>
        )}
      </button>
    </th>
  );
}

type LineProps<Row> = {
  readonly id: string;
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly name?: string | undefined;
};

function Line<Row>({ row, id, columns, name }: LineProps<Row>): ReactNode {
  return (
    <tr className={name} data-row={id}>
      {columns.map((column, index) => {
        const names = [column.kind, column.name ?? ""].join(" ").trim();
        return index === 0 ? (
          <th key={column.key} scope="row" className={names}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.key} className={names}>
            {column.cell(row)}
          </td>
        );
      })}
    </tr>
  );
}

type BelowProps<Row> = {
  readonly row: Row;
  readonly columns: number;
  readonly below: ((row: Row) => ReactNode) | undefined;
};

function Below<Row>({ row, columns, below }: BelowProps<Row>): ReactNode {
  const content = below?.(row);
  if (content === undefined || content === null) return undefined;
  return (
    <tr className="below">
      <td colSpan={columns}>{content}</td>
    </tr>
  );
}
