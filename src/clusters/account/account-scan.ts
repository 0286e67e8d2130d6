import { NumberColumn } from "../../ledger/number-column.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { transfersShape } from "../../ledger/shapes.ts";
import type { RuleSet } from "../rules.ts";
import type { Scan, ScanSink } from "../scan.ts";
import type { ServiceList } from "../services.ts";
import { gathered } from "./airdrop-reuse.ts";
import { depositors, type Exchanges } from "./deposit-reuse.ts";
import { AccountHistory } from "./history.ts";

/** Applies the rules for chains of accounts to one transfer after the other. */
export class AccountScan implements Scan {
  ownersSeen = 0;
  readonly #history: AccountHistory;
  readonly #receivers: NumberColumn;
  readonly #deposit: number;
  readonly #airdrop: number;
  readonly #exchanges: ReadonlyMap<number, string>;
  readonly #services: ReadonlySet<number>;

  constructor(reader: ChainReader, rules: RuleSet, services: ServiceList) {
    this.#history = new AccountHistory(reader);
    this.#receivers = new NumberColumn(reader.table(transfersShape), "to", "number", "in order");
    this.#deposit = rules.indexOf("deposit-reuse");
    this.#airdrop = rules.indexOf("airdrop-reuse");
    this.#services = new Set(services.map(({ owner }) => owner + 1));
    const exchanges = services.filter(({ isExchange }) => isExchange);
    this.#exchanges = new Map(exchanges.map(({ owner, service }) => [owner + 1, service]));
  }

  rows(from: number, to: number, sink: ScanSink): void {
    const isService = (account: number): boolean => this.#services.has(account);
    const exchanges: Exchanges = { exchangeOf: (account) => this.#exchanges.get(account), isService };
    const looksForDeposits = this.#deposit !== -1 && this.#exchanges.size > 0;
    if (!looksForDeposits && this.#airdrop === -1) return;
    for (let number = from; number < to; number += 1) {
      const paysExchange = looksForDeposits && this.#exchanges.has(this.#receivers.at(number));
      if (!paysExchange && this.#airdrop === -1) continue;
      const move = this.#history.move(number);
      if (move === undefined) continue;
      if (paysExchange) {
        for (const payer of depositors(move, this.#history, exchanges)) {
          sink.link(number, this.#deposit, payer - 1, move.from - 1);
        }
      }
      if (this.#airdrop === -1) continue;
      for (const taker of gathered(move, this.#history, isService)) {
        sink.link(number, this.#airdrop, taker - 1, move.to - 1);
      }
    }
  }
}
