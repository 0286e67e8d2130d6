import type { ChainReader } from "../ledger/reader.ts";
import { transfersShape } from "../ledger/shapes.ts";
import type { TableReader } from "../ledger/table.ts";
import { ownerIfAny, transactionIfAny } from "./owners.ts";
import { coinjoinNames } from "./coinjoin/detectors.ts";
import type { RuleSet } from "./rules.ts";
import { standing, strikesText, type Strike } from "./strikes.ts";

/** What a strike of a transaction is about: a rule's place, and two owners or all. */
type Struck = { readonly rule: number; readonly owners: readonly [number, number] | undefined };

/** The strikes that stand, in the numbers of the ledger at hand. What the ledger has not seen is struck out once it has. */
export class StruckOut {
  /** Texts that change where what is struck out changes. */
  readonly texts: { readonly links: string; readonly detectors: string };
  readonly #rules = new Set<number>();
  readonly #byTransaction = new Map<number, readonly Struck[]>();
  readonly #transfers: TableReader<typeof transfersShape> | undefined;

  constructor(reader: ChainReader, rules: RuleSet, strikes: readonly Strike[]) {
    const isDetector = ({ rule }: Strike): boolean => (coinjoinNames as readonly string[]).includes(rule);
    const all = standing(strikes);
    this.texts = {
      links: strikesText(all.filter((strike) => !isDetector(strike))),
      detectors: strikesText(all.filter(isDetector)),
    };
    this.#transfers = reader.model === "account" ? reader.table(transfersShape) : undefined;
    for (const strike of all) this.#add(reader, rules.indexOf(strike.rule), strike);
  }

  /** Whether a piece of evidence is struck out. */
  isStruck(at: number, rule: number, left: number, right: number): boolean {
    if (this.#rules.has(rule)) return true;
    if (this.#byTransaction.size === 0) return false;
    const transaction = this.#transfers === undefined ? at : this.#transfers.value("transaction", at) - 1;
    return (this.#byTransaction.get(transaction) ?? []).some(
      (struck) =>
        struck.rule === rule &&
        (struck.owners === undefined || (struck.owners[0] === left && struck.owners[1] === right)),
    );
  }

  /** Whether a user said that a transaction is no CoinJoin of a detector's kind. */
  isCleared(transaction: number, detector: number): boolean {
    if (this.#rules.has(detector)) return true;
    return (this.#byTransaction.get(transaction) ?? []).some(({ rule }) => rule === detector);
  }

  #add(reader: ChainReader, rule: number, { transaction, between }: Strike): void {
    if (rule === -1) return;
    if (transaction === undefined) {
      this.#rules.add(rule);
      return;
    }
    const number = transactionIfAny(reader, transaction);
    if (number === undefined) return;
    let owners: Struck["owners"];
    if (between !== undefined) {
      const [one, other] = between.map((address) => ownerIfAny(reader, address));
      if (one === undefined || other === undefined) return;
      owners = one < other ? [one, other] : [other, one];
    }
    this.#byTransaction.set(number, [...(this.#byTransaction.get(number) ?? []), { rule, owners }]);
  }
}
