import type { ChainReader } from "../../ledger/reader.ts";
import { utxoIdsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { Moments } from "../moments.ts";
import { addressReader } from "../stop-table.ts";
import { OwnerNames } from "../utxo/owner-names.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import type { TheftParties, TheftRule, TheftTransaction } from "./theft-transaction.ts";

type Output = { readonly row: number; readonly owner: number; readonly value: bigint };

/** What transactions of a chain of outputs took. */
export class UtxoThefts {
  readonly #reader: ChainReader;
  readonly #view: UtxoView;
  readonly #names: OwnerNames;
  readonly #moments: Moments;
  readonly #ids: TableReader<typeof utxoIdsShape>;
  readonly #victims: ReadonlySet<string>;
  readonly #thieves: ReadonlySet<string>;

  constructor(reader: ChainReader, { victims, thieves }: TheftParties) {
    const canonical = addressReader(reader);
    this.#reader = reader;
    this.#view = new UtxoView(reader);
    this.#names = new OwnerNames(reader, undefined);
    this.#moments = new Moments(reader);
    this.#ids = reader.table(utxoIdsShape);
    this.#victims = new Set(victims.map(canonical));
    this.#thieves = new Set(thieves.map(canonical));
  }

  at(transaction: number): TheftTransaction {
    const view = this.#view;
    const payers = new Set<number>();
    let unknownInputs = 0;
    for (let input = view.firstInput(transaction); input < view.firstInput(transaction + 1); input += 1) {
      const owner = view.ownerOfSpent(view.spent(input));
      if (owner > 0) payers.add(owner);
      else unknownInputs += 1;
    }
    const outputs: Output[] = [];
    for (let row = view.firstOutput(transaction); row < view.firstOutput(transaction + 1); row += 1) {
      const value = view.exactValue(row);
      if (value > 0n) outputs.push({ row, owner: view.owner(row), value });
    }
    const { rule, taken } = this.#taken(payers, outputs);
    return {
      txid: Buffer.from(this.#ids.value("id", transaction).toReversed()).toString("hex"),
      ...this.#moments.of(transaction),
      rule,
      rows: taken.map(({ row }) => row),
      taken: new Map([[this.#reader.chain.native, taken.reduce((sum, { value }) => sum + value, 0n)]]),
      paidAway: new Map(),
      unknownInputs: rule === "thief" ? 0 : unknownInputs,
    };
  }

  #taken(
    payers: ReadonlySet<number>,
    outputs: readonly Output[],
  ): { readonly rule: TheftRule; readonly taken: readonly Output[] } {
    const isOne = (of: ReadonlySet<string>, owner: number): boolean => {
      const text = of.size === 0 ? null : this.#names.text(owner);
      return text !== null && of.has(text);
    };
    const received = outputs.filter(({ owner }) => isOne(this.#thieves, owner) && !payers.has(owner));
    if (received.length > 0) return { rule: "thief", taken: received };
    if ([...payers].some((owner) => isOne(this.#victims, owner))) {
      const away = outputs.filter(({ owner }) => !payers.has(owner) && !isOne(this.#victims, owner));
      return { rule: "victim", taken: away };
    }
    return { rule: "others", taken: outputs.filter(({ owner }) => !payers.has(owner)) };
  }
}
