import { lastAtMost } from "../ledger/dump.ts";
import { NumberColumn } from "../ledger/number-column.ts";
import { safeNumber, tooLarge } from "../ledger/safe-number.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { inputsShape, outputsShape, ownersShape, unseenShape, utxoTransactionsShape } from "../ledger/shapes.ts";
import type { TableReader } from "../ledger/table.ts";
import { RandomColumn } from "./random-column.ts";
import type { TransactionFacts } from "./transaction-facts.ts";

/**
 * The facts of one transaction of a ledger after the other; one object for all of them, filled anew by {@link load}.
 *
 * Owners of inputs are looked up by `load`; everything else when it is asked for.
 */
export class UtxoTransaction implements TransactionFacts {
  inputs = 0;
  outputs = 0;
  distinctInputOwners = 0;
  /** The known owners of the inputs, number + 1, each once, in the order of inputs; `distinctInputOwners` of them. */
  distinct = new Int32Array(1_024);
  number = 0;
  readonly #count: number;
  readonly #firstInputs: NumberColumn;
  readonly #firstOutputs: NumberColumn;
  readonly #spent: NumberColumn;
  readonly #ownersAnywhere: RandomColumn;
  readonly #owners: NumberColumn;
  readonly #values: NumberColumn;
  readonly #valuesAnywhere: NumberColumn;
  readonly #unseen: TableReader<typeof unseenShape>;
  readonly #kinds: TableReader<typeof ownersShape>;
  readonly #transactions: TableReader<typeof utxoTransactionsShape>;
  readonly #inputCount: number;
  readonly #outputCount: number;
  #firstInput = 0;
  #firstOutput = 0;
  #inputOwners = new Int32Array(1_024);
  /** Owners with a number below this have been seen before the transaction. */
  #ownersBefore = 0;

  constructor(reader: ChainReader) {
    const [transactions, inputs, outputs] = [
      reader.table(utxoTransactionsShape),
      reader.table(inputsShape),
      reader.table(outputsShape),
    ];
    this.#transactions = transactions;
    this.#count = transactions.count;
    this.#inputCount = inputs.count;
    this.#outputCount = outputs.count;
    this.#firstInputs = new NumberColumn(transactions, "firstInput", "number", "in order");
    this.#firstOutputs = new NumberColumn(transactions, "firstOutput", "number", "in order");
    this.#spent = new NumberColumn(inputs, "spent", "number", "in order");
    this.#owners = new NumberColumn(outputs, "owner", "number", "in order");
    this.#values = new NumberColumn(outputs, "value", "amount", "in order");
    this.#ownersAnywhere = new RandomColumn(reader.table(outputsShape), "owner");
    this.#valuesAnywhere = new NumberColumn(reader.table(outputsShape), "value", "amount", "in order");
    this.#unseen = reader.table(unseenShape);
    this.#kinds = reader.table(ownersShape);
  }

  /** Goes to a transaction without looking at its inputs: how many it has. */
  turnTo(number: number): number {
    this.number = number;
    this.#firstInput = this.#firstInputs.at(number);
    this.#firstOutput = this.#firstOutputs.at(number);
    const isLast = number + 1 === this.#count;
    this.inputs = (isLast ? this.#inputCount : this.#firstInputs.at(number + 1)) - this.#firstInput;
    this.outputs = (isLast ? this.#outputCount : this.#firstOutputs.at(number + 1)) - this.#firstOutput;
    return this.inputs;
  }

  /** Looks up the owners of the inputs. */
  loadOwners(): void {
    const { inputs } = this;
    if (inputs > this.#inputOwners.length) {
      this.#inputOwners = new Int32Array(inputs * 2);
      this.distinct = new Int32Array(inputs * 2);
    }
    const [owners, distinct] = [this.#inputOwners, this.distinct];
    let count = 0;
    let last = 0;
    for (let input = 0; input < inputs; input += 1) {
      const spent = this.#spent.at(this.#firstInput + input);
      const isSeen = spent <= 0x7fff_ffff ? (spent & 1) === 1 : spent % 2 === 1;
      const owner = isSeen ? this.#ownersAnywhere.at((spent - 1) / 2) : this.#unseenOwner(spent);
      owners[input] = owner;
      if (owner === 0 || owner === last) continue;
      last = owner;
      distinct[count] = owner;
      count += 1;
    }
    this.distinctInputOwners = count < 2 ? count : withoutDoubles(distinct, count);
  }

  inputOwner(input: number): number {
    return this.#inputOwners[input] as number;
  }

  inputValue(input: number): number {
    const spent = this.#spent.at(this.#firstInput + input);
    if (spent % 2 === 1) return known(this.#valuesAnywhere.at((spent - 1) / 2));
    if (spent === 0) return Number.NaN;
    const unseen = (spent - 2) / 2;
    if (this.#unseen.value("known", unseen) === 0) return Number.NaN;
    return known(safeNumber(this.#unseen.value("value", unseen)));
  }

  outputOwner(output: number): number {
    return this.#owners.at(this.#firstOutput + output);
  }

  outputValue(output: number): number {
    return known(this.#values.at(this.#firstOutput + output));
  }

  kindOf(owner: number): number {
    return owner === 0 ? 0 : this.#kinds.value("kind", owner - 1);
  }

  isFirstPayment(output: number): boolean {
    const owner = this.outputOwner(output);
    if (owner <= this.#ownersBefore) return false;
    // A second output of the same transaction to the same new owner is not the first.
    for (let earlier = 0; earlier < output; earlier += 1) if (this.outputOwner(earlier) === owner) return false;
    return true;
  }

  shapeBefore(input: number): { readonly inputs: number; readonly outputs: number } | undefined {
    const spent = this.#spent.at(this.#firstInput + input);
    if (spent % 2 === 0) return undefined;
    const creator = lastAtMost(this.#transactions, "firstOutput", (spent - 1) / 2);
    return {
      inputs: this.#transactions.value("firstInput", creator + 1) - this.#transactions.value("firstInput", creator),
      outputs: this.#transactions.value("firstOutput", creator + 1) - this.#transactions.value("firstOutput", creator),
    };
  }

  /** How many owners are known to have been seen, this transaction's included; set where reading begins in the middle. */
  get ownersSeen(): number {
    return this.#ownersBefore;
  }

  set ownersSeen(count: number) {
    this.#ownersBefore = count;
  }

  /** Counts the owners of inputs from before the ledger among those seen: owners are numbered in the order in which they appear. */
  noteInputs(): void {
    for (let input = 0; input < this.inputs; input += 1) {
      const spent = this.#spent.at(this.#firstInput + input);
      if (spent % 2 === 0) this.#ownersBefore = Math.max(this.#ownersBefore, this.#unseenOwner(spent));
    }
  }

  /** Counts the owners of outputs likewise, once the transaction is done with. */
  noteOutputs(): void {
    for (let output = 0; output < this.outputs; output += 1) {
      this.#ownersBefore = Math.max(this.#ownersBefore, this.outputOwner(output));
    }
  }

  #unseenOwner(spent: number): number {
    return spent === 0 ? 0 : this.#unseen.value("owner", (spent - 2) / 2);
  }
}

/** An amount, NaN where it is too large for a number. */
function known(amount: number): number {
  return amount === tooLarge ? Number.NaN : amount;
}

/** A transaction of up to so many owners is searched for doubles owner by owner. */
const fewOwners = 16;

/** Moves each owner's first place together; how many there are. */
function withoutDoubles(owners: Int32Array, count: number): number {
  let kept = 0;
  const seen = count > fewOwners ? new Set<number>() : undefined;
  for (let place = 0; place < count; place += 1) {
    const owner = owners[place] as number;
    if (seen === undefined ? includes(owners, kept, owner) : seen.has(owner)) continue;
    seen?.add(owner);
    owners[kept] = owner;
    kept += 1;
  }
  return kept;
}

function includes(owners: Int32Array, count: number, owner: number): boolean {
  for (let place = 0; place < count; place += 1) if (owners[place] === owner) return true;
  return false;
}
