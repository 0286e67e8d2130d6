import type { ChainReader } from "../../ledger/reader.ts";
import { unseenShape, utxoIdsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { Moments } from "../moments.ts";
import type { StopRule } from "../stops.ts";
import type { LimitName, Moment } from "../trace.ts";
import { OwnerNames } from "../utxo/owner-names.ts";
import { isOutput } from "../utxo/rows/input-rows.ts";
import { type UtxoView } from "../utxo/utxo-view.ts";
import { sourceKinds, type Deposit, type Ended } from "./sources.ts";

/** At which outputs a way back ends, and how they are told. */
export class UtxoEnds {
  readonly #reader: ChainReader;
  readonly #view: UtxoView;
  readonly #names: OwnerNames;
  readonly #unseen: TableReader<typeof unseenShape>;
  readonly #ids: TableReader<typeof utxoIdsShape>;
  readonly #moments: Moments;

  constructor(reader: ChainReader, view: UtxoView, stops: StopRule | undefined) {
    this.#reader = reader;
    this.#view = view;
    this.#names = new OwnerNames(reader, stops);
    this.#unseen = reader.table(unseenShape);
    this.#ids = reader.table(utxoIdsShape);
    this.#moments = new Moments(reader);
  }

  deposit(output: number): Deposit {
    const transaction = this.#view.transactionOfOutput(output);
    return {
      ref: this.#ref(output),
      address: this.#names.text(this.#view.owner(output)),
      asset: this.#reader.chain.native,
      amount: this.#view.exactValue(output),
      ...this.#moment(transaction),
    };
  }

  /** How the way ends at what an input of a transaction spends; undefined: it goes on, behind an output of the ledger. */
  at(spent: number, transaction: number): Ended | undefined {
    if (isOutput(spent)) {
      const output = (spent - 1) / 2;
      const owner = this.#view.owner(output);
      const stop = this.#names.stop(owner);
      if (stop === undefined) return undefined;
      return {
        kind: sourceKinds.service,
        ...stop,
        ...this.#place(this.#ref(output), owner),
        ...this.#moment(transaction),
      };
    }
    const unseen = this.#unseen;
    const number = (spent - 2) / 2;
    const id = Buffer.from(unseen.value("id", number).toReversed()).toString("hex");
    const owner = unseen.value("owner", number);
    const stop = this.#names.stop(owner);
    const who =
      stop === undefined
        ? { kind: sourceKinds.before, entity: sourceKinds.before, category: "" }
        : { kind: sourceKinds.service, ...stop };
    const ref = `${id}:${unseen.value("index", number)}`;
    return { ...who, ...this.#place(ref, owner), ...this.#moment(transaction) };
  }

  /** An output that a coinbase creates. */
  created(output: number): Ended {
    return this.#within(output, sourceKinds.created, sourceKinds.created);
  }

  /** An output whose transaction takes in an amount that is not known. */
  unknown(output: number): Ended {
    return this.#within(output, sourceKinds.unknown, sourceKinds.unknown);
  }

  /** An output behind which a limit does not let the way go on. */
  limit(output: number, limit: LimitName): Ended {
    return this.#within(output, sourceKinds.limit, limit);
  }

  #within(output: number, kind: Ended["kind"], entity: string): Ended {
    const moment = this.#moment(this.#view.transactionOfOutput(output));
    return { kind, entity, category: "", ...this.#place(this.#ref(output), this.#view.owner(output)), ...moment };
  }

  #place(ref: string, owner: number): Pick<Ended, "ref" | "address" | "asset"> {
    return { ref, address: this.#names.text(owner), asset: this.#reader.chain.native };
  }

  #moment(transaction: number): Moment {
    return { txid: this.#txid(transaction), ...this.#moments.of(transaction) };
  }

  #ref(output: number): string {
    const transaction = this.#view.transactionOfOutput(output);
    return `${this.#txid(transaction)}:${output - this.#view.firstOutput(transaction)}`;
  }

  #txid(transaction: number): string {
    return Buffer.from(this.#ids.value("id", transaction).toReversed()).toString("hex");
  }
}

/** An input of a transaction. */
export type Input = { readonly spent: number; readonly value: bigint | undefined };

/** What a transaction spends; a coinbase's own input has `spent` 0 and brings nothing. */
export function inputsOf(view: UtxoView, transaction: number): readonly Input[] {
  const inputs: Input[] = [];
  const end = view.firstInput(transaction + 1);
  for (let input = view.firstInput(transaction); input < end; input += 1) {
    const spent = view.spent(input);
    if (spent === 0) inputs.push({ spent, value: 0n });
    else if (isOutput(spent)) inputs.push({ spent, value: view.exactValue((spent - 1) / 2) });
    else inputs.push({ spent, value: view.unseenValue((spent - 2) / 2) });
  }
  return inputs;
}

export function isCoinbase(inputs: readonly Input[]): boolean {
  return inputs.every(({ spent }) => spent === 0);
}
