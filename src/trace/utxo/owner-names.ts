import { ownerText } from "../../chains/bitcoin/owner.ts";
import type { OwnerKind } from "../../chains/block.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { ownersShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import type { Stop, StopRule } from "../stops.ts";

/** So many texts are kept at most, some 60 MB: then all of them are let go. */
const textsMax = 1 << 19;

/** Owners by number, as text, and which of them are stops; each is asked for once. */
export class OwnerNames {
  readonly #reader: ChainReader;
  readonly #owners: TableReader<typeof ownersShape>;
  readonly #rule: StopRule | undefined;
  /** An answer names the same owner many times, and a checksum takes longer than all else that is said of it. */
  readonly #texts = new Map<number, string | null>();
  readonly #stops = new Map<number, Stop | undefined>();

  constructor(reader: ChainReader, rule: StopRule | undefined) {
    this.#reader = reader;
    this.#owners = reader.table(ownersShape);
    this.#rule = rule;
  }

  /** `owner`: 0 nobody, else the owner's number + 1. */
  text(owner: number): string | null {
    if (owner === 0) return null;
    let text = this.#texts.get(owner);
    if (text === undefined) {
      const kind = this.#owners.value("kind", owner - 1) as OwnerKind;
      text = ownerText(this.#reader.chain, kind, this.#owners.value("identity", owner - 1)) ?? null;
      if (this.#texts.size === textsMax) this.#texts.clear();
      this.#texts.set(owner, text);
    }
    return text;
  }

  stop(owner: number): Stop | undefined {
    if (owner === 0 || this.#rule === undefined) return undefined;
    if (this.#stops.has(owner)) return this.#stops.get(owner);
    const text = this.text(owner);
    const stop = text === null ? undefined : this.#rule(text);
    this.#stops.set(owner, stop);
    return stop;
  }

  /** Whether an owner is a stop; undefined where none is. */
  get isStop(): ((owner: number) => boolean) | undefined {
    return this.#rule === undefined ? undefined : (owner) => this.stop(owner) !== undefined;
  }
}
