import type { KnownChain } from "../../base/chains.ts";
import type { EvmFinding, EvmTransaction } from "./assemble.ts";
import { amountIn, hashIn, product, smallIn, type AddressTexts } from "./digits.ts";
import type { EtlEvents } from "./etl-events.ts";
import type { EtlRows } from "./etl-tables.ts";
import type { TraceRows } from "./etl-traces.ts";
import { invalid, readCount, readHash, textOf, type Fields } from "./read.ts";
import type { TransactionTrace } from "./traces.ts";
import { readTokens, readTransaction, type TransactionContext } from "./transaction.ts";

/** A block's tables, as its transactions need them. */
export type TransactionTables = {
  readonly block: EtlRows<"blocks">;
  readonly transactions: EtlRows<"transactions">;
  readonly receipts: EtlRows<"receipts">;
  /** Undefined where there is no table of traces. */
  readonly traces: TraceRows | undefined;
  readonly events: EtlEvents;
};

/** Reads the transactions of a block; the plain ones, which nearly all are, from bytes, the others by way of texts. */
export class EtlTransactions {
  readonly #chain: KnownChain;
  readonly #tables: TransactionTables;
  readonly #addresses: AddressTexts;
  readonly #findings: EvmFinding[];
  readonly #columns: Columns;

  constructor(chain: KnownChain, tables: TransactionTables, addresses: AddressTexts, findings: EvmFinding[]) {
    this.#chain = chain;
    this.#tables = tables;
    this.#addresses = addresses;
    this.#findings = findings;
    this.#columns = columnsOf(tables);
  }

  /**
   * All of them, in the block's order.
   *
   * @param listed - The rows of transactions and of receipts, by index.
   * @throws {Failure} `SOURCE_INVALID`.
   */
  read(listed: readonly number[], receipts: readonly number[]): readonly EvmTransaction[] {
    const { block, transactions: rows, traces, events } = this.#tables;
    const { blockHash, hash } = this.#columns;
    const ofBlock = block.column("hash");
    const hashes = listed.map((row) => {
      if (!rows.isSame(rows.field(row, blockHash), block, ofBlock))
        throw invalid(rows.place(row), "it is of another block");
      const text = hashIn(rows.bytes, rows.start(row, hash), rows.end(row, hash));
      return text ?? readHash(rows.text(row, hash), "hash", rows.place(row));
    });
    const logs = events.group(hashes, { rows, column: hash, listed });
    return listed.map((row, index) => {
      const trace = traces?.transactions.get(index);
      if (traces !== undefined && trace === undefined) throw invalid(rows.place(row), "it has no traces");
      const receipt = receipts[index] ?? 0;
      const own = logs[index] ?? [];
      const plain = this.#plain(row, receipt, { hash: hashes[index] ?? "", trace });
      const context = (): TransactionContext => this.#context(index, { row, receipt, trace, logs: own });
      if (plain === undefined) return readTransaction(asTransaction(rows.fields(row)), context());
      const tokens = plain.failed ? [] : (events.moves(own) ?? this.#tokens(index, row, own));
      return { ...plain, tokens };
    });
  }

  /** The tokens of events that are not of the plain form. */
  #tokens(index: number, row: number, logs: readonly number[]): EvmTransaction["tokens"] {
    const receipt = { logs: logs.map((log) => this.#tables.events.asLog(log)) };
    const place = this.#tables.transactions.place(row);
    return readTokens(false, { chain: this.#chain, receipt, index, findings: this.#findings, place });
  }

  #context(
    index: number,
    own: {
      readonly row: number;
      readonly receipt: number;
      readonly trace: TransactionTrace | undefined;
      readonly logs: readonly number[];
    },
  ): TransactionContext {
    const { transactions, receipts, events } = this.#tables;
    const receipt = asReceipt(
      receipts.fields(own.receipt),
      own.logs.map((row) => events.asLog(row)),
    );
    const place = transactions.place(own.row);
    // The export has no parameters of operator fees.
    const [trace, operatorFees] = [own.trace, undefined];
    return { chain: this.#chain, receipt, trace, index, operatorFees, findings: this.#findings, place };
  }

  /**
   * What `readTransaction` makes of a transaction, but its tokens; undefined where it is not of the plain form: a creation, a
   * rollup's deposit, one with blobs, without a status, or whatever is wrong.
   */
  #plain(
    row: number,
    receipt: number,
    { hash, trace }: { readonly hash: string; readonly trace: TransactionTrace | undefined },
  ): Omit<EvmTransaction, "tokens"> | undefined {
    const { transactions: rows, receipts } = this.#tables;
    const at = this.#columns;
    if (!receipts.isSame(receipts.field(receipt, at.receiptHash), rows, rows.field(row, at.hash))) return undefined;
    const failed = receipts.is(receipt, at.status, "0");
    if (!failed && !receipts.is(receipt, at.status, "1")) return undefined;
    const from = this.#addresses.in(rows.bytes, rows.start(row, at.from), rows.end(row, at.from));
    const to = this.#addresses.in(rows.bytes, rows.start(row, at.to), rows.end(row, at.to));
    const value = amountIn(rows.bytes, rows.start(row, at.value), rows.end(row, at.value));
    const fee = this.#fee(row, receipt);
    if (from === undefined || to === undefined || value < 0n || fee < 0n) return undefined;
    if (trace !== undefined) {
      if ((trace.hash ?? hash) !== hash || trace.failed !== failed || trace.incomplete) return undefined;
      const { outer } = trace;
      const isSame =
        outer === undefined ? value === 0n : outer.amount === value && outer.from === from && outer.to === to;
      if (!failed && !isSame) return undefined;
    }
    return { hash, failed, from, to, value, fee, minted: 0n, internal: trace?.moves ?? [] };
  }

  /** Gas used × gas price, and a rollup's fee for the first layer; -1n where it is not as plain as that. */
  #fee(row: number, receipt: number): bigint {
    const { transactions: rows, receipts } = this.#tables;
    const at = this.#columns;
    const isPlainType = rows.isEmpty(row, at.type) || ["0", "1", "2", "4"].some((type) => rows.is(row, at.type, type));
    if (!isPlainType || !receipts.isEmpty(receipt, at.blobGas)) return -1n;
    const gas = smallIn(receipts.bytes, receipts.start(receipt, at.gasUsed), receipts.end(receipt, at.gasUsed));
    const price = receipts.isEmpty(receipt, at.price)
      ? smallIn(rows.bytes, rows.start(row, at.gasPrice), rows.end(row, at.gasPrice))
      : smallIn(receipts.bytes, receipts.start(receipt, at.price), receipts.end(receipt, at.price));
    if (gas < 0 || price < 0) return -1n;
    if (receipts.isEmpty(receipt, at.firstLayer)) return product(gas, price);
    const more = amountIn(receipts.bytes, receipts.start(receipt, at.firstLayer), receipts.end(receipt, at.firstLayer));
    return more < 0n ? -1n : product(gas, price) + more;
  }
}

type Columns = ReturnType<typeof columnsOf>;

function columnsOf({ transactions, receipts }: TransactionTables) {
  return {
    hash: transactions.column("hash"),
    blockHash: transactions.column("block_hash"),
    from: transactions.column("from_address"),
    to: transactions.column("to_address"),
    value: transactions.column("value"),
    gasPrice: transactions.column("gas_price"),
    type: transactions.column("transaction_type"),
    receiptHash: receipts.column("transaction_hash"),
    status: receipts.column("status"),
    gasUsed: receipts.column("gas_used"),
    price: receipts.column("effective_gas_price"),
    blobGas: receipts.column("blob_gas_used"),
    firstLayer: receipts.column("l1_fee"),
  } as const;
}

/** A row of transactions as a node would tell it. */
function asTransaction(fields: Fields): Fields {
  const type = textOf(fields["transaction_type"]);
  return {
    hash: fields["hash"],
    transactionIndex: fields["transaction_index"],
    from: fields["from_address"],
    to: fields["to_address"],
    value: fields["value"],
    nonce: fields["nonce"],
    gas: fields["gas"],
    gasPrice: fields["gas_price"],
    type: /^[0-9]{1,3}$/u.test(type) ? `0x${BigInt(type).toString(16)}` : type,
  };
}

/** A row of receipts, and the events of its transaction, as a node would tell them. */
function asReceipt(fields: Fields, logs: readonly Fields[]): Fields {
  return {
    transactionHash: fields["transaction_hash"],
    status: fields["status"],
    gasUsed: fields["gas_used"],
    effectiveGasPrice: fields["effective_gas_price"],
    contractAddress: fields["contract_address"],
    blobGasUsed: fields["blob_gas_used"],
    blobGasPrice: fields["blob_gas_price"],
    l1Fee: fields["l1_fee"],
    logs,
  };
}

/** Rows by their transaction's index, from 0 without a gap. */
export function byIndex(rows: EtlRows<"transactions" | "receipts"> | undefined): readonly number[] {
  if (rows === undefined) return [];
  const column = rows.column("transaction_index");
  const sorted = Array.from({ length: rows.count }, (_, row) => {
    const small = smallIn(rows.bytes, rows.start(row, column), rows.end(row, column));
    return { row, index: small >= 0 ? small : readCount(rows.text(row, column), "transaction_index", rows.place(row)) };
  });
  if (sorted.some(({ index }, at) => index !== at)) sorted.sort((left, right) => left.index - right.index);
  const wrong = sorted.find(({ index }, at) => index !== at);
  if (wrong !== undefined) {
    throw invalid(rows.place(wrong.row), `its transaction_index ${wrong.index} is doubled or a gap`);
  }
  return sorted.map(({ row }) => row);
}
