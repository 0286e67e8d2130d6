/** The columns of a transfers file, in the order of DESIGN; a column's number is its place here. */
export const columns = ["chain", "block", "time", "tx", "index", "from", "to", "asset", "amount"] as const;
export const columnCount = columns.length;

/** Numbers of the columns. */
export const column = { chain: 0, block: 1, time: 2, tx: 3, index: 4, from: 5, to: 6, asset: 7, amount: 8 } as const;

/** One row, its fields by column; valid only while it is handed over. */
export type Row = {
  readonly text: (column: number) => string;
  /** Whether a field has this text; cheaper than comparing texts. */
  readonly is: (column: number, text: string) => boolean;
  /** The value of a field of 1 to 15 plain digits; -1 for anything else, which may still be a number. */
  readonly digits: (column: number) => number;
  /** Whether the form is known to hold no blanks, no control characters and nothing but ASCII. */
  readonly plain: boolean;
};
