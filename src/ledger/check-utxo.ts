import { lowWord } from "../base/word-order.ts";
import {
  checkIdentities,
  makeKeys,
  numbersOf,
  pagesOf,
  windowsOf,
  type CheckOptions,
  type Contradiction,
  type Window,
} from "./check-windows.ts";
import { WORD_LIMIT } from "./column.ts";
import { fingerprintOfHash, ownerFingerprint } from "./fingerprint.ts";
import type { ChainReader } from "./reader.ts";
import { inputsShape, outputsShape, ownersShape, unseenShape, utxoIdsShape, utxoTransactionsShape } from "./shapes.ts";
import type { TableReader } from "./table.ts";

/** Chains with a part that is not public: a transaction can pay out what it took from there. */
const shieldedChains: ReadonlySet<string> = new Set(["zcash", "litecoin"]);
/** A transaction has about two inputs, of which more is held than of other records. */
const recordsATransaction = 4;

/** Every transaction, and no other, is found by its id. */
export function* checkUtxoIds(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  const transactions = reader.table(utxoIdsShape);
  yield* checkIdentities(
    reader.index("transactionById"),
    {
      name: "transaction",
      count: transactions.count,
      keysOf: (window) => {
        const keys = makeKeys(window);
        for (const { page, start, end, first } of pagesOf(transactions, window)) {
          const ids = page.hashes("id");
          for (let record = start; record < end; record += 1) {
            const { hi, lo } = fingerprintOfHash(ids, record * 32);
            keys.hi[first + record - window.from] = hi;
            keys.lo[first + record - window.from] = lo;
          }
        }
        return keys;
      },
      // Two coinbases of 2010 have the ids of earlier ones (BIP 30).
      isSame: undefined,
    },
    options,
  );
}

/** Every owner is found by its identity under its one number. */
export function* checkOwners(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  const owners = reader.table(ownersShape);
  yield* checkIdentities(
    reader.index("ownerByIdentity"),
    {
      name: "owner",
      count: owners.count,
      keysOf: (window) => {
        const keys = makeKeys(window);
        for (const { page, start, end, first } of pagesOf(owners, window)) {
          const [kinds, identities] = [page.numbers("kind"), page.hashes("identity")];
          for (let record = start; record < end; record += 1) {
            const identity = identities.subarray(record * 32, record * 32 + 32);
            const { hi, lo } = ownerFingerprint(kinds[record] as number, identity);
            keys.hi[first + record - window.from] = hi;
            keys.lo[first + record - window.from] = lo;
          }
        }
        return keys;
      },
      isSame: (left, right) =>
        owners.value("kind", left) === owners.value("kind", right) &&
        Buffer.compare(owners.value("identity", left), owners.value("identity", right)) === 0,
    },
    options,
  );
}

/** Every output, seen or unseen, is listed by its owner, who is there, and by nobody else. */
export function* checkOwned(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  const [outputs, unseen] = [reader.table(outputsShape), reader.table(unseenShape)];
  for (const window of windowsOf(outputs.count, options.windowRecords)) {
    yield* checkRows(reader, { name: "output", parity: 0, window, owned: numbersOf(outputs, "owner", window) });
  }
  for (const window of windowsOf(unseen.count, options.windowRecords)) {
    yield* checkRows(reader, { name: "unseen output", parity: 1, window, owned: numbersOf(unseen, "owner", window) });
  }
}

/** Rows that can belong to an owner; the index of owners tells outputs and unseen ones apart by the parity of its values. */
type OwnedRows = {
  readonly name: string;
  readonly parity: 0 | 1;
  readonly window: Window;
  readonly owned: Float64Array;
};

function* checkRows(reader: ChainReader, { name, parity, window, owned }: OwnedRows): Iterable<Contradiction> {
  const owners = reader.table(ownersShape).count;
  const listed = new Uint8Array(owned.length);
  for (const { hi, lo, value, count } of reader.index("outputByOwner").batches()) {
    for (let entry = 0; entry < count; entry += 1) {
      const row = value[entry] as number;
      const number = (row - parity) / 2;
      if (row % 2 !== parity || number < window.from || number >= window.to) continue;
      const owner = (hi[entry] as number) * WORD_LIMIT + (lo[entry] as number);
      if (owned[number - window.from] === owner + 1) listed[number - window.from] = 1;
      else yield { where: `owner ${owner}`, what: `lists ${name} ${number}, which is not theirs` };
    }
  }
  for (let at = 0; at < owned.length; at += 1) {
    const owner = owned[at] as number;
    const where = `${name} ${window.from + at}`;
    if (owner > owners) yield { where, what: `belongs to owner ${owner - 1}, who is not there` };
    else if (owner > 0 && listed[at] === 0) yield { where, what: `is not listed by its owner ${owner - 1}` };
  }
}

/** Every spend links both ways and to an earlier output, none is spent twice, and nothing pays out more than it takes in. */
export function* checkSpends(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  for (const window of windowsOf(
    reader.table(utxoTransactionsShape).count,
    options.windowRecords / recordsATransaction,
  )) {
    yield* new SpendCheck(reader, window).run();
  }
}

/** Some transactions with their inputs, while the spends of all outputs are gone through. */
class SpendCheck {
  readonly #reader: ChainReader;
  readonly #window: Window;
  readonly #inputs: Window;
  readonly #firstInput: Float64Array;
  readonly #spent: Float64Array;
  /** By input, which transaction of the window it is of. */
  readonly #spender: Int32Array;
  readonly #listed: Uint8Array;
  /** By transaction, what it takes in, and what it pays out: low and high words, so that the sums stay exact. */
  readonly #balance: { readonly low: Float64Array; readonly high: Float64Array };
  /** By transaction, whether what it takes in is not known. */
  readonly #unknown: Uint8Array;

  constructor(reader: ChainReader, window: Window) {
    this.#reader = reader;
    this.#window = window;
    const transactions = reader.table(utxoTransactionsShape);
    const inputs = reader.table(inputsShape);
    this.#firstInput = numbersOf(transactions, "firstInput", window);
    const end = window.to === transactions.count ? inputs.count : transactions.value("firstInput", window.to);
    this.#inputs = { from: this.#firstInput[0] ?? 0, to: end };
    this.#spent = numbersOf(inputs, "spent", this.#inputs);
    this.#spender = new Int32Array(this.#spent.length);
    this.#listed = new Uint8Array(this.#spent.length);
    const count = window.to - window.from;
    this.#balance = { low: new Float64Array(count), high: new Float64Array(count) };
    this.#unknown = new Uint8Array(count);
    for (let transaction = 0; transaction < count; transaction += 1) {
      const from = (this.#firstInput[transaction] as number) - this.#inputs.from;
      this.#spender.fill(transaction, from, (this.#firstInput[transaction + 1] ?? end) - this.#inputs.from);
    }
  }

  *run(): Iterable<Contradiction> {
    yield* this.#unseen();
    yield* this.#spends();
    yield* this.#unlisted();
    yield* this.#sums();
  }

  /** Inputs that spend nothing, or what the ledger has never seen. */
  *#unseen(): Iterable<Contradiction> {
    const unseen = this.#reader.table(unseenShape);
    for (let at = 0; at < this.#spent.length; at += 1) {
      const spent = this.#spent[at] as number;
      if (spent % 2 === 1) continue;
      const transaction = this.#spender[at] as number;
      const input = this.#inputs.from + at;
      const number = (spent - 2) / 2;
      if (spent === 0) this.#unknown[transaction] = 1;
      else if (number >= unseen.count) {
        yield { where: `input ${input}`, what: `spends the unseen output ${number}, which is not there` };
      } else {
        if (unseen.value("spentBy", number) !== input) {
          yield { where: `input ${input}`, what: `its unseen output ${number} names another input` };
        }
        if (unseen.value("known", number) === 0) this.#unknown[transaction] = 1;
        else this.#add(transaction, unseen.value("value", number));
      }
    }
  }

  /** The index of spends, in the order of outputs, beside the outputs. */
  *#spends(): Iterable<Contradiction> {
    const isFirstPass = this.#window.from === 0;
    const inputs = this.#reader.table(inputsShape).count;
    const outputs = new OutputCursor(this.#reader);
    let [before, beforeInput] = [-1, -1];
    for (const { hi, lo, value, count } of this.#reader.index("spendByOutput").batches()) {
      for (let entry = 0; entry < count; entry += 1) {
        const output = (hi[entry] as number) * WORD_LIMIT + (lo[entry] as number);
        const input = value[entry] as number;
        if (isFirstPass && output === before) {
          yield { where: `output ${output}`, what: `is spent twice, by inputs ${beforeInput} and ${input}` };
        }
        if (isFirstPass && input >= inputs) {
          yield { where: `output ${output}`, what: `is spent by input ${input}, which is not there` };
        }
        [before, beforeInput] = [output, input];
        if (input >= this.#inputs.from && input < this.#inputs.to) yield* this.#spend(outputs, output, input);
      }
    }
  }

  *#spend(outputs: OutputCursor, output: number, input: number): Iterable<Contradiction> {
    const at = input - this.#inputs.from;
    const transaction = this.#spender[at] as number;
    if (this.#spent[at] !== output * 2 + 1) {
      yield { where: `output ${output}`, what: `is said to be spent by input ${input}, which spends another` };
      return;
    }
    if (!outputs.goTo(output)) {
      yield { where: `input ${input}`, what: `spends output ${output}, which is not there` };
      return;
    }
    this.#listed[at] = 1;
    if (outputs.creator > this.#window.from + transaction) {
      yield { where: `input ${input}`, what: "spends an output of a later transaction" };
    }
    this.#add(transaction, outputs.value);
  }

  *#unlisted(): Iterable<Contradiction> {
    for (let at = 0; at < this.#spent.length; at += 1) {
      const spent = this.#spent[at] as number;
      if (spent % 2 === 0 || this.#listed[at] === 1) continue;
      yield {
        where: `input ${this.#inputs.from + at}`,
        what: `output ${(spent - 1) / 2} does not name it as its spender`,
      };
    }
  }

  /** What each transaction pays out, held against what it takes in. */
  *#sums(): Iterable<Contradiction> {
    if (shieldedChains.has(this.#reader.chain.alias)) return;
    const transactions = this.#reader.table(utxoTransactionsShape);
    const ids = this.#reader.table(utxoIdsShape);
    const outputs = this.#reader.table(outputsShape);
    const firstOutput = numbersOf(transactions, "firstOutput", this.#window);
    const { to } = this.#window;
    const end = to === transactions.count ? outputs.count : transactions.value("firstOutput", to);
    const cursor = new OutputCursor(this.#reader);
    for (let transaction = 0; transaction < firstOutput.length; transaction += 1) {
      const outputsEnd = firstOutput[transaction + 1] ?? end;
      for (let output = firstOutput[transaction] as number; output < outputsEnd; output += 1) {
        if (cursor.goTo(output)) this.#subtract(transaction, cursor.value);
      }
      const low = this.#balance.low[transaction] as number;
      const high = this.#balance.high[transaction] as number;
      if (this.#unknown[transaction] === 1 || BigInt(high) * BigInt(WORD_LIMIT) + BigInt(low) >= 0n) continue;
      const id = ids.value("id", this.#window.from + transaction);
      const where = `transaction ${Buffer.from(id.toReversed()).toString("hex")}`;
      yield { where, what: "pays out more than it takes in" };
    }
  }

  #add(transaction: number, value: number | bigint): void {
    const { low, high } = wordsOf(value);
    this.#balance.low[transaction] = (this.#balance.low[transaction] as number) + low;
    this.#balance.high[transaction] = (this.#balance.high[transaction] as number) + high;
  }

  #subtract(transaction: number, value: number | bigint): void {
    const { low, high } = wordsOf(value);
    this.#balance.low[transaction] = (this.#balance.low[transaction] as number) - low;
    this.#balance.high[transaction] = (this.#balance.high[transaction] as number) - high;
  }
}

/** One amount below 2^64, and its two words. */
const wide = new BigUint64Array(1);
const wideWords = new Uint32Array(wide.buffer);

function wordsOf(value: number | bigint): { readonly low: number; readonly high: number } {
  if (typeof value === "bigint") {
    wide[0] = value;
    return { low: wideWords[lowWord] as number, high: wideWords[1 - lowWord] as number };
  }
  const low = value >>> 0;
  return { low, high: (value - low) / WORD_LIMIT };
}

/** Goes through outputs in order: value, and the transaction that created each. */
class OutputCursor {
  readonly #outputs: TableReader<typeof outputsShape>;
  readonly #transactions: TableReader<typeof utxoTransactionsShape>;
  #page = -1;
  #values: ReturnType<ReturnType<TableReader<typeof outputsShape>["page"]>["amounts"]> | undefined;
  #within = 0;
  #creatorPage = -1;
  #starts: Float64Array = new Float64Array(0);
  #creatorAt = 0;
  #output = 0;

  constructor(reader: ChainReader) {
    this.#outputs = reader.table(outputsShape);
    this.#transactions = reader.table(utxoTransactionsShape);
  }

  /** Goes to an output at or behind the last one; false where there is none such. */
  goTo(output: number): boolean {
    if (output >= this.#outputs.count) return false;
    const per = this.#outputs.pageRecords;
    this.#output = output;
    this.#within = output % per;
    const page = (output - this.#within) / per;
    if (page !== this.#page) {
      this.#page = page;
      this.#values = this.#outputs.page(page).amounts("value");
    }
    return true;
  }

  get value(): number | bigint {
    return this.#values?.safe?.[this.#within] ?? this.#values?.exact(this.#within) ?? 0;
  }

  /** Transactions begin with rising outputs: the last one that begins at or before the output made it. */
  get creator(): number {
    const per = this.#transactions.pageRecords;
    for (;;) {
      const next = this.#creatorAt + 1;
      if (next >= this.#transactions.count || this.#startOf(next, per) > this.#output) return this.#creatorAt;
      this.#creatorAt = next;
    }
  }

  #startOf(transaction: number, per: number): number {
    const within = transaction % per;
    const page = (transaction - within) / per;
    if (page !== this.#creatorPage) {
      this.#creatorPage = page;
      this.#starts = this.#transactions.page(page).numbers("firstOutput");
    }
    return this.#starts[within] as number;
  }
}
