import { halves } from "../base/halves.ts";
import { lastAtMost } from "../ledger/dump.ts";
import { IndexReader } from "../ledger/index/index-reader.ts";
import { indexPrefix } from "../ledger/keys.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { transfersShape, unseenShape, utxoTransactionsShape } from "../ledger/shapes.ts";
import type { TableReader } from "../ledger/table.ts";
import { isChangeRule } from "./rules.ts";
import { firstNotBelow } from "./search.ts";
import { evidenceShape } from "./shapes.ts";
import type { ClustersState } from "./state.ts";
import { readStrikes } from "./strikes.ts";
import { StruckOut } from "./struck-out.ts";
import { tableOf } from "./tables.ts";

/** A piece of evidence: by a rule, in a transaction, two owners are one. */
export type Evidence = {
  readonly number: number;
  readonly rule: string;
  /** The transaction's number. */
  readonly transaction: number;
  /** The row: the transaction, or among accounts the transfer. */
  readonly at: number;
  readonly left: number;
  readonly right: number;
  readonly isStruck: boolean;
};

/** Looks evidence up: by number, by row, by owner. */
export class EvidenceReader {
  readonly #reader: ChainReader;
  readonly #state: ClustersState;
  readonly #table: TableReader<typeof evidenceShape>;
  readonly #struck: StruckOut;
  readonly #rowsOfOwner: (owner: number) => Iterable<number>;

  constructor(reader: ChainReader, state: ClustersState) {
    this.#reader = reader;
    this.#state = state;
    this.#table = tableOf(reader, evidenceShape, state.evidence);
    this.#struck = new StruckOut(reader, state.rules, readStrikes(reader.snapshot, reader.number));
    this.#rowsOfOwner = reader.model === "utxo" ? this.#transactionsOf() : this.#transfersOf();
  }

  get count(): number {
    return this.#table.count;
  }

  get(number: number): Evidence {
    const { at, rule, left, right } = this.#table.record(number);
    const { model } = this.#reader;
    const transaction = model === "utxo" ? at : this.#reader.table(transfersShape).value("transaction", at) - 1;
    const isStruck = this.#struck.isStruck(at, rule, left, right);
    return { number, rule: this.#state.rules[rule] ?? "", transaction, at, left, right, isStruck };
  }

  /** The evidence of a row. */
  at(row: number): readonly Evidence[] {
    const table = this.#table;
    const found: Evidence[] = [];
    let number = firstNotBelow((record) => table.value("at", record), table.count, row);
    for (; number < table.count && table.value("at", number) === row; number += 1) found.push(this.get(number));
    return found;
  }

  /**
   * The rows in which there is evidence about an owner, each once, with all evidence there. Cost: on chains of outputs a few
   * look-ups for each output of the owner.
   */
  *about(owner: number): Iterable<readonly Evidence[]> {
    const seen = new Set<number>();
    for (const row of this.#rowsOfOwner(owner)) {
      if (seen.has(row)) continue;
      seen.add(row);
      const found = this.at(row);
      if (found.some(({ left, right }) => left === owner || right === owner)) yield found;
    }
  }

  /** On chains of outputs an owner takes part in a transaction by an input, or for change rules by an output. */
  #transactionsOf(): (owner: number) => Iterable<number> {
    const reader = this.#reader;
    const [byOwner, spends] = [reader.index("outputByOwner"), reader.index("spendByOutput")];
    const [transactions, unseen] = [reader.table(utxoTransactionsShape), reader.table(unseenShape)];
    const hasChange = this.#state.rules.some(isChangeRule);
    return function* rows(owner) {
      for (const value of paged(byOwner, owner)) {
        const isUnseen = value % 2 === 1;
        const row = (value - (value % 2)) / 2;
        const input = isUnseen ? unseen.value("spentBy", row) : spends.first(...halves(row));
        if (hasChange && !isUnseen) yield lastAtMost(transactions, "firstOutput", row);
        if (input >= 0) yield lastAtMost(transactions, "firstInput", input);
      }
    };
  }

  #transfersOf(): (owner: number) => Iterable<number> {
    const prefix = indexPrefix(this.#reader.number, "evidenceByOwner");
    const index = new IndexReader(this.#reader.snapshot, prefix, this.#state.runs);
    const table = this.#table;
    return function* rows(owner) {
      // What a reorganisation took back is still in the index; its numbers may have been given anew.
      for (const number of paged(index, owner)) if (number < table.count) yield table.value("at", number);
    };
  }
}

/** How many values are read at a time. */
const valuesPage = 1_024;

/** All values of an owner, ascending; a page at a time, since few are often enough. */
function* paged(index: IndexReader, owner: number): Iterable<number> {
  const [hi, lo] = halves(owner);
  for (let from = 0; ;) {
    const values = index.rangeOf(hi, lo, from, valuesPage);
    yield* values;
    if (values.length < valuesPage) return;
    from = (values.at(-1) ?? 0) + 1;
  }
}
