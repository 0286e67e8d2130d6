import { fingerprintOf } from "../../ledger/fingerprint.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { accountTransactionsShape } from "../../ledger/shapes.ts";
import type { TableReader } from "../../ledger/table.ts";
import { AccountView } from "../account/account-view.ts";
import { addressReader } from "../stop-table.ts";
import { addTo, type TheftParties, type TheftRule, type TheftTransaction } from "./theft-transaction.ts";

const utf8 = new TextEncoder();

type Row = {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly asset: number;
  readonly amount: bigint;
};

/** What transactions of a chain of accounts took. */
export class AccountThefts {
  readonly #reader: ChainReader;
  readonly #view: AccountView;
  readonly #transactions: TableReader<typeof accountTransactionsShape>;
  readonly #victims: ReadonlySet<string>;
  readonly #thieves: ReadonlySet<string>;

  constructor(reader: ChainReader, { victims, thieves }: TheftParties) {
    const canonical = addressReader(reader);
    this.#reader = reader;
    this.#view = new AccountView(reader);
    this.#transactions = reader.table(accountTransactionsShape);
    this.#victims = new Set(victims.map(canonical));
    this.#thieves = new Set(thieves.map(canonical));
  }

  find(txid: string): readonly number[] {
    const id = this.#reader.chain.family === "evm" ? txid.toLowerCase() : txid;
    const { hi, lo } = fingerprintOf(utf8.encode(id));
    const known = this.#reader.index("transactionById").get(hi, lo);
    return known.filter((number) => this.#transactions.value("id", number) === id);
  }

  at(transaction: number): TheftTransaction {
    const view = this.#view;
    const rows = view.rowsOfTransaction(transaction).flatMap((row): Row[] => {
      const [from, to, amount] = [view.from(row), view.to(row), view.amount(row)];
      return view.isFee(row) || amount === 0n || from === to ? [] : [{ row, from, to, asset: view.asset(row), amount }];
    });
    const { rule, isTaker } = this.#rule(rows);
    const [taken, paidAway] = [new Map<string, bigint>(), new Map<string, bigint>()];
    const took: number[] = [];
    for (const one of rows) {
      const [given, got] = [isTaker(one.from, one.asset), isTaker(one.to, one.asset)];
      if (got === given) continue;
      addTo(got ? taken : paidAway, view.assetText(one.asset), one.amount);
      if (got) took.push(one.row);
    }
    const { height, time } = view.moments.of(transaction);
    const txid = this.#transactions.value("id", transaction);
    // What was paid of an asset that nothing was taken of says nothing.
    const away = new Map([...paidAway].filter(([asset]) => taken.has(asset)));
    return { txid, height, time, rule, rows: took, taken, paidAway: away, unknownInputs: 0 };
  }

  /** Who counts as one that takes, by the first rule that fits. */
  #rule(rows: readonly Row[]): {
    readonly rule: TheftRule;
    readonly isTaker: (account: number, asset: number) => boolean;
  } {
    const isOne = (of: ReadonlySet<string>, account: number): boolean => {
      const text = of.size === 0 ? null : this.#view.address(account);
      return text !== null && of.has(text);
    };
    if (rows.some(({ from }) => isOne(this.#victims, from))) {
      return { rule: "victim", isTaker: (account) => !isOne(this.#victims, account) };
    }
    if (rows.some(({ to }) => isOne(this.#thieves, to))) {
      return { rule: "thief", isTaker: (account) => isOne(this.#thieves, account) };
    }
    // Those who have more of an asset after the transaction; what only passes through somebody changes nothing.
    const nets = new Map<string, bigint>();
    for (const { from, to, asset, amount } of rows) {
      addTo(nets, `${from} ${asset}`, 0n - amount);
      addTo(nets, `${to} ${asset}`, amount);
    }
    return {
      rule: "others",
      isTaker: (account, asset) => account >= 0 && (nets.get(`${account} ${asset}`) ?? 0n) > 0n,
    };
  }
}
