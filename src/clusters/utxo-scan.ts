import type { ChainReader } from "../ledger/reader.ts";
import { changeRuleOf } from "./change/change-rules.ts";
import { uniqueChange, type ChangeRule } from "./change/change-rule.ts";
import { coinjoinDetectors, coinjoinNames, type CoinjoinDetector } from "./coinjoin/detectors.ts";
import { changeOf, isChangeRule, type RuleSet } from "./rules.ts";
import type { Scan, ScanSink } from "./scan.ts";
import { UtxoTransaction } from "./utxo-transaction.ts";

/** No CoinJoin has fewer outputs. */
const coinjoinOutputsMin = 3;

type Named<Rule> = { readonly place: number; readonly rule: Rule };

/** Applies the rules for chains of outputs to one transaction after the other. */
export class UtxoScan implements Scan {
  readonly #transaction: UtxoTransaction;
  readonly #multiInput: number;
  readonly #detectors: readonly Named<CoinjoinDetector>[];
  readonly #changes: readonly Named<ChangeRule>[];
  readonly #cleared: (transaction: number, detector: number) => boolean;

  /**
   * @param rules - Evidence names them by their place.
   * @param cleared - Whether a user said that a transaction is no CoinJoin, whatever a detector says.
   */
  constructor(reader: ChainReader, rules: RuleSet, cleared: (transaction: number, detector: number) => boolean) {
    this.#transaction = new UtxoTransaction(reader);
    this.#multiInput = rules.indexOf("multi-input");
    this.#detectors = coinjoinNames.flatMap((name) => {
      const place = rules.indexOf(name);
      return place === -1 ? [] : [{ place, rule: coinjoinDetectors[name] }];
    });
    this.#changes = rules.flatMap((name, place) =>
      isChangeRule(name) ? [{ place, rule: changeRuleOf(changeOf(name)) }] : [],
    );
    this.#cleared = cleared;
  }

  get ownersSeen(): number {
    return this.#transaction.ownersSeen;
  }

  set ownersSeen(count: number) {
    this.#transaction.ownersSeen = count;
  }

  rows(from: number, to: number, sink: ScanSink): void {
    const transaction = this.#transaction;
    const looksForChange = this.#changes.length > 0;
    for (let number = from; number < to; number += 1) {
      const inputs = transaction.turnTo(number);
      if (looksForChange) {
        transaction.loadOwners();
        transaction.noteInputs();
        this.#judge(sink);
        transaction.noteOutputs();
      } else if (inputs > 1) {
        transaction.loadOwners();
        if (transaction.distinctInputOwners > 1) this.#judge(sink);
      }
    }
  }

  #judge(sink: ScanSink): void {
    const transaction = this.#transaction;
    const { number, distinct, distinctInputOwners } = transaction;
    if (distinctInputOwners === 0) return;
    if (distinctInputOwners > 1 && transaction.outputs >= coinjoinOutputsMin) {
      const detector = this.#detectors.find(({ rule, place }) => rule(transaction) && !this.#cleared(number, place));
      if (detector !== undefined) {
        sink.coinjoin(number, detector.place);
        return;
      }
    }
    let hub = distinct[0] as number;
    for (let place = 1; place < distinctInputOwners; place += 1) {
      if ((distinct[place] as number) < hub) hub = distinct[place] as number;
    }
    if (this.#multiInput !== -1) {
      for (let place = 0; place < distinctInputOwners; place += 1) {
        const owner = distinct[place] as number;
        if (owner !== hub) sink.link(number, this.#multiInput, hub - 1, owner - 1);
      }
    }
    for (const { rule, place } of this.#changes) this.#linkChange(rule, place, hub, sink);
  }

  #linkChange(rule: ChangeRule, place: number, hub: number, sink: ScanSink): void {
    const transaction = this.#transaction;
    const output = uniqueChange(rule, transaction);
    if (output === -1) return;
    const owner = transaction.outputOwner(output);
    for (let input = 0; input < transaction.distinctInputOwners; input += 1) {
      if (transaction.distinct[input] === owner) return;
    }
    sink.link(transaction.number, place, hub - 1, owner - 1);
  }
}
