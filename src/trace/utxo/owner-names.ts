import { ownerText } from "../../chains/bitcoin/owner.ts";
import type { OwnerKind } from "../../chains/block.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { ownersShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import type { Stop, StopRule } from "../stops.ts";

/** Owners by number, as text, and which of them are stops; each is asked for once. */
export class OwnerNames {
  readonly #reader: ChainReader;
  readonly #owners: TableReader<typeof ownersShape>;
  readonly #rule: StopRule | undefined;
  readonly #stops = new Map<number, Stop | undefined>();

  constructor(reader: ChainReader, rule: StopRule | undefined) {
    this.#reader = reader;
    this.#owners = reader.table(ownersShape);
    this.#rule = rule;
  }

  /** `owner`: 0 nobody, else the owner's number + 1. */
  text(owner: number): string | null {
    if (owner === 0) return null;
    const kind = this.#owners.value("kind", owner - 1) as OwnerKind;
    return ownerText(this.#reader.chain, kind, this.#owners.value("identity", owner - 1)) ?? null;
  }

  stop(owner: number): Stop | undefined {
    if (owner === 0 || this.#rule === undefined) return undefined;
    if (this.#stops.has(owner)) return this.#stops.get(owner);
    const text = this.text(owner);
    const stop = text === null ? undefined : this.#rule(text);
    this.#stops.set(owner, stop);
    return stop;
  }

  get isStop(): (owner: number) => boolean {
    return this.#rule === undefined ? () => false : (owner) => this.stop(owner) !== undefined;
  }
}
