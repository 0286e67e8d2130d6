import type { Credit } from "./assemble.ts";
import type { CsvRow } from "./csv.ts";
import { amountIn, hashIn, smallIn, type AddressTexts } from "./digits.ts";
import type { EtlRows } from "./etl-tables.ts";
import { invalid, isAbsent, readAddress, readCount, readHash, readQuantity, textOf, type ReadPlace } from "./read.ts";
import { joinCalls, valueMove, type TraceCall, type TransactionTrace } from "./traces.ts";

/** What a block's rows of traces say. */
export type TraceRows = {
  readonly transactions: ReadonlyMap<number, TransactionTrace>;
  readonly credits: readonly Credit[];
  /** Whether first balances, or what the DAO fork moved, are among the credits. */
  readonly changesState: boolean;
};

type Calls = { readonly place: ReadPlace; readonly hash: string | undefined; readonly list: TraceCall[] };

/**
 * Reads the rows of `traces.csv` of one block, of either of ethereum-etl's makers (Parity's traces, or geth's).
 *
 * @throws {Failure} `SOURCE_INVALID` as `readTraces` does.
 */
export function readTraceRows(rows: EtlRows<"traces">, addresses: AddressTexts): TraceRows {
  const calls = new Map<number, Calls>();
  const credits: Credit[] = [];
  const [index, type] = [rows.column("transaction_index"), rows.column("trace_type")];
  const reader = new CallReader(rows, addresses);
  let changesState = false;
  for (let row = 0; row < rows.count; row += 1) {
    if (!rows.is(row, type, "call") && specialTypes.has(rows.text(row, type))) {
      credits.push(readCredit({ fields: rows.fields(row), place: rows.place(row) }));
      changesState ||= !rows.is(row, type, "reward");
      continue;
    }
    const small = smallIn(rows.bytes, rows.start(row, index), rows.end(row, index));
    const at = small >= 0 ? small : readCount(rows.text(row, index), "transaction_index", rows.place(row));
    let known = calls.get(at);
    if (known === undefined) calls.set(at, (known = { place: rows.place(row), hash: reader.hash(row), list: [] }));
    known.list.push(reader.call(row));
  }
  const transactions = new Map<number, TransactionTrace>();
  for (const [at, { place, hash, list }] of calls) transactions.set(at, { hash, ...joinCalls(list, place) });
  return { transactions, credits, changesState };
}

/** First balances and what the DAO fork moved change the state outside of transactions. */
const specialTypes: ReadonlySet<string> = new Set(["reward", "genesis", "daofork"]);

function readCredit({ fields, place }: CsvRow): Credit {
  const { from_address: from, to_address: to, value } = fields;
  return {
    from: isAbsent(from) ? undefined : readAddress(from, "from_address", place),
    to: readAddress(to, "to_address", place),
    amount: readQuantity(value, "value", place),
  };
}

const outermost: readonly number[] = [];
const nothing = { failed: false, move: "none", created: undefined } as const;

class CallReader {
  readonly #rows: EtlRows<"traces">;
  readonly #addresses: AddressTexts;
  readonly #columns: Readonly<
    Record<"hash" | "from" | "to" | "value" | "type" | "kind" | "path" | "error" | "status", number>
  >;

  constructor(rows: EtlRows<"traces">, addresses: AddressTexts) {
    this.#rows = rows;
    this.#addresses = addresses;
    this.#columns = {
      hash: rows.column("transaction_hash"),
      from: rows.column("from_address"),
      to: rows.column("to_address"),
      value: rows.column("value"),
      type: rows.column("trace_type"),
      kind: rows.column("call_type"),
      path: rows.column("trace_address"),
      error: rows.column("error"),
      status: rows.column("status"),
    };
  }

  hash(row: number): string | undefined {
    const rows = this.#rows;
    const { hash } = this.#columns;
    if (rows.isEmpty(row, hash)) return undefined;
    const text = hashIn(rows.bytes, rows.start(row, hash), rows.end(row, hash));
    return text ?? readHash(rows.text(row, hash), "transaction_hash", rows.place(row));
  }

  call(row: number): TraceCall {
    return this.#plain(row) ?? readCall({ fields: this.#rows.fields(row), place: this.#rows.place(row) });
  }

  /** A call that stood; undefined for whatever else. */
  #plain(row: number): TraceCall | undefined {
    const rows = this.#rows;
    const { from, to, value, type, kind, path, error, status } = this.#columns;
    if (!rows.isEmpty(row, error) || rows.is(row, status, "0") || !rows.is(row, type, "call")) return undefined;
    const place = rows.isEmpty(row, path) ? outermost : this.#path(row, path);
    if (place === undefined) return undefined;
    if (rows.is(row, kind, "delegatecall") || rows.is(row, kind, "staticcall")) return { path: place, ...nothing };
    if (!rows.is(row, kind, "call")) return undefined;
    const amount = amountIn(rows.bytes, rows.start(row, value), rows.end(row, value));
    if (amount === 0n) return { path: place, ...nothing };
    const payer = this.#addresses.in(rows.bytes, rows.start(row, from), rows.end(row, from));
    const payee = this.#addresses.in(rows.bytes, rows.start(row, to), rows.end(row, to));
    if (amount < 0n || payer === undefined || payee === undefined) return undefined;
    return { path: place, failed: false, move: { from: payer, to: payee, amount }, created: undefined };
  }

  #path(row: number, column: number): readonly number[] | undefined {
    const { bytes } = this.#rows;
    const end = this.#rows.end(row, column);
    const steps: number[] = [];
    for (let start = this.#rows.start(row, column); start <= end;) {
      const comma = bytes.indexOf(0x2c, start);
      const stop = comma === -1 || comma > end ? end : comma;
      const step = smallIn(bytes, start, stop);
      if (step < 0) return undefined;
      steps.push(step);
      start = stop + 1;
    }
    return steps;
  }
}

/** A call in whatever form. */
function readCall({ fields, place }: CsvRow): TraceCall {
  const ends = [fields["from_address"], fields["to_address"], fields["value"]] as const;
  const steps = isAbsent(fields["trace_address"]) ? [] : textOf(fields["trace_address"]).split(",");
  const path = steps.map((step) => readCount(step, "trace_address", place));
  const failed = !isAbsent(fields["error"]) || fields["status"] === "0";
  const none: TraceCall = { path, failed, move: "none", created: undefined };
  if (failed) return none;
  const type = fields["trace_type"];
  if (type === "suicide" || type === "selfdestruct") {
    return ends.some(isAbsent) ? { ...none, move: "unknown" } : { ...none, move: valueMove(ends, place) };
  }
  if (type === "create" || type === "create2") {
    return { ...none, move: valueMove(ends, place), created: readAddress(ends[1], "to_address", place) };
  }
  if (type !== "call") throw invalid(place, `its trace_type is "${textOf(type).slice(0, 40)}"`);
  const kind = fields["call_type"];
  if (kind === "call") return { ...none, move: valueMove(ends, place) };
  if (["delegatecall", "staticcall", "callcode"].includes(textOf(kind))) return none;
  throw invalid(place, `its call_type is "${textOf(kind).slice(0, 40)}"`);
}
