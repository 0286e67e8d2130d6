import { Failure } from "../base/failure.ts";
import { ClustersReader } from "../clusters/clusters-reader.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { ledgerBasis } from "../trace/taint/standing.ts";
import { TaintReader } from "../trace/taint/taint-reader.ts";
import type { ScreeningBasis } from "./basis.ts";
import { ChainScreener, type Findings } from "./chain-screener.ts";
import { decide } from "./decide.ts";
import { partyByTags } from "./parties.ts";
import { paymentsOf } from "./payments.ts";
import { placeSubject, type Placed } from "./place.ts";
import type { RuleSet } from "./rules.ts";
import type { Verdict } from "./verdict.ts";
import type { Direction } from "./words.ts";

/** What is asked of a screening. */
export type ScreenRequest = {
  /** An address or a transaction's id, in any form that its chain has. */
  readonly subject: string;
  /** An alias or a CAIP-2 id; undefined: the chain is told by the ledger and the form. */
  readonly chain: string | undefined;
  /** Undefined: `deposit` of a transaction, `either` of an address. */
  readonly direction: Direction | undefined;
  /** Of a transaction: whom it pays, or `TXID:N`, its Nth output or transfer; undefined: all that it pays. */
  readonly to: string | undefined;
  /** The height of the block that it is said to be in; undefined: not said. */
  readonly block: number | undefined;
  /** Names what is missing of all that exposures rest on, and not of what the rules look at. */
  readonly wantsExposures?: true;
};

/** A request for a subject alone. */
export function askedOf(subject: string, more: Partial<ScreenRequest> = {}): ScreenRequest {
  return { chain: undefined, direction: undefined, to: undefined, block: undefined, ...more, subject };
}

/**
 * Screens addresses and transactions of a ledger at one committed state.
 *
 * Open it once and ask it often: what is looked up is kept, within bounds. The readers' snapshot must be held as long as it is
 * used. The same ledger, tags, register, rules and request give the same verdict.
 */
export class Screener {
  readonly basis: ScreeningBasis;
  readonly #chains: readonly ChainReader[];
  readonly #opened = new Map<ChainReader, ChainScreener>();

  constructor(chains: readonly ChainReader[], basis: ScreeningBasis) {
    this.#chains = chains;
    this.basis = basis;
  }

  /** The same ledger screened by other rules. */
  by(rules: RuleSet): Screener {
    return new Screener(this.#chains, { ...this.basis, rules });
  }

  /**
   * The verdict on an address or a transaction. Cost: look-ups, and the receipts of an address up to 10,000; for a path a page a
   * step, when it is asked for.
   *
   * @throws {Failure} `INVALID_VALUE` for what is neither, `USAGE` where it may be of several chains or `to` is of an address,
   *   `UNKNOWN_NAME` for a chain or a payment that there is not, `LEDGER_DAMAGED`.
   */
  screen(request: ScreenRequest): Verdict {
    const placed = placeSubject(this.#chains, request.subject.trim(), request.chain);
    if (request.to !== undefined && placed.kind === "address") {
      throw new Failure("USAGE", { what: "an address has no payments to choose from", mend: "leave out to" });
    }
    const direction = request.direction ?? (placed.kind === "transaction" ? "deposit" : "either");
    const asked = { ...request, direction, placed };
    const { reader } = placed;
    const found = reader === undefined ? this.#unloaded(placed) : this.#chain(reader).findings({ ...asked, reader });
    return decide(this.basis, asked, found);
  }

  #chain(reader: ChainReader): ChainScreener {
    const known = this.#opened.get(reader);
    if (known !== undefined) return known;
    const { tags, register } = this.basis;
    const taint = TaintReader.open(reader, ledgerBasis(reader, register, tags));
    const clusters = ClustersReader.open(reader);
    const opened = new ChainScreener({ reader, basis: this.basis, taint, clusters, payments: paymentsOf(reader) });
    this.#opened.set(reader, opened);
    return opened;
  }

  /** What tags say of a subject whose chain the ledger does not hold. */
  #unloaded({ kind, text, chain }: Placed): Findings {
    const loaded = this.#chains.map((one) => one.chain.alias).join(", ") || "none";
    const what = `${chain?.name ?? "a chain with such transaction ids"} is not in this ledger, which holds ${loaded}`;
    const data = { loaded: this.#chains.map((one) => one.chain.alias) };
    const known =
      chain === undefined || kind === "transaction"
        ? undefined
        : partyByTags(this.basis.tags, chain.id, text, "subject");
    return {
      block: null,
      facts: known === undefined ? [] : known.facts.map((fact) => ({ ...fact, party: 0 })),
      parties: known === undefined ? [] : [known.party],
      missing: [{ gap: "chain-not-loaded", what, data, mend: "ingest the chain, or screen where it is" }],
      checked: { incidents: 0, origins: 0, later: [], absent: [], unplaced: [] },
    };
  }
}
