import { parseUsd, scaleUsd, type Usd } from "../base/usd.ts";
import { addressOf, txidOf } from "../clusters/owners.ts";
import type { ChainReader } from "../ledger/reader.ts";
import type { PriceTable } from "../prices/price-table.ts";
import { priceRule } from "../trace/price-rule.ts";
import type { UnitPrice } from "../trace/account/swap.ts";
import { directHops, type Tainted, type TaintRecord } from "../trace/taint/tainted.ts";
import type { TaintReader } from "../trace/taint/taint-reader.ts";
import type { Exposure, Fact, Path, Whole } from "./fact.ts";
import type { Payment, Payments } from "./payments.ts";
import { indexPolicies, type IndexPolicy } from "./words.ts";

const oneDollar = parseUsd("1");
const daySeconds = 86_400;
/** Steps of a path that are told, from its end. */
const stepsMax = 64;
/** So many prices are kept. */
const pricesMax = 65_536;

/** What exposures are made of. */
type Parts = {
  readonly reader: ChainReader;
  readonly taint: TaintReader;
  readonly payments: Payments;
  readonly prices: PriceTable;
};

type TaintFact = Omit<Fact, "party">;

/** Reads from the taint index what came from which origin. */
export class Exposures {
  readonly #parts: Parts;
  readonly #price: (asset: string, time: number) => UnitPrice | undefined;
  readonly #prices = new Map<string, UnitPrice | undefined>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#price = priceRule(parts.prices);
  }

  /** Of all that an owner received. */
  ofOwner(owner: number): readonly TaintFact[] {
    const { taint, payments } = this.#parts;
    const wholes = new Map<number, Whole>();
    return taint.ofOwner(owner).flatMap((one) => {
      const whole = wholes.get(one.asset) ?? payments.received(owner, one.asset);
      wholes.set(one.asset, whole);
      return this.#fact(one, whole);
    });
  }

  /** Of payments of transactions, chosen from all that these pay. */
  ofPayments(
    transactions: readonly number[],
    payments: readonly Payment[],
    all: readonly Payment[],
  ): readonly TaintFact[] {
    const { taint } = this.#parts;
    const wholes = new Map<number, Whole>();
    for (const { asset, amount } of payments)
      wholes.set(asset, { kind: "exact", amount: (wholes.get(asset)?.amount ?? 0n) + amount });
    const isOf = receiptsOf(payments, all);
    return transactions.flatMap((transaction) =>
      taint.ofTransaction(transaction).flatMap((one) => {
        const own = this.#within(one, transaction, isOf);
        // By a change of form more may have come than the payment that was chosen.
        return own === undefined ? [] : this.#fact(own, atLeast(wholes.get(own.asset), own.amount));
      }),
    );
  }

  /** The part of a transaction's taint that came by payments: what went to fees is none. */
  #within(all: Tainted, transaction: number, isOf: (record: TaintRecord) => boolean): Tainted | undefined {
    const { taint, reader } = this.#parts;
    const { strand, asset } = all;
    const found = taint
      .receiptsIn(strand.number, transaction)
      .filter((record) => record.asset === asset && record.amount > 0n && isOf(record));
    return summed(all, found, directHops(strand.origin, reader));
  }

  #fact(one: Tainted, whole: Whole): readonly TaintFact[] {
    const { reader, payments } = this.#parts;
    const { origin, policy, number } = one.strand;
    if (!isIndexPolicy(policy)) return [];
    // On accounts an entity's own payments are the origin; on outputs what it was paid is.
    const more = origin.kind === "tag" && reader.model === "account" ? 1 : 0;
    const [asset, last] = [payments.assetText(one.asset), payments.timeOfRow(one.last)];
    const exposure: Exposure = {
      policy,
      asset,
      amount: one.amount,
      direct: one.direct,
      held: one.held,
      whole,
      usd: this.#dollars(asset, last),
      receipts: one.count,
      hops: one.hops + more,
      first: payments.timeOfRow(one.first),
      last,
      path: () => this.#path(number, one.largest),
    };
    const { key, kind, basis, name, actor, category, confidence, sources, date } = origin;
    // Where the register names no transaction of a theft that the ledger holds, what came to the thief stands for it.
    const methods = kind === "incident" && basis === "addresses" ? [policy, "thief-address"] : [policy];
    return [{ evidence: "exposure", origin: key, name, actor, category, confidence, sources, methods, date, exposure }];
  }

  #dollars(asset: string, time: number): ((amount: bigint) => Usd) | undefined {
    const key = `${asset} ${(time - (time % daySeconds)) / daySeconds}`;
    let price = this.#prices.get(key);
    if (price === undefined && !this.#prices.has(key)) {
      if (this.#prices.size >= pricesMax) this.#prices.clear();
      price = this.#price(asset, time);
      this.#prices.set(key, price);
    }
    if (price === undefined) return undefined;
    const { numerator, denominator } = price;
    return (amount) => scaleUsd(oneDollar, amount * numerator, denominator);
  }

  #path(strand: number, record: number): Path {
    const { taint, reader, payments } = this.#parts;
    const found: TaintRecord[] = [];
    let at = record;
    for (; at >= 0 && found.length < stepsMax; at = found.at(-1)?.parent ?? -1) found.push(taint.record(strand, at));
    const steps = found.toReversed().map(({ transaction, owner, asset, amount, row }) => ({
      txid: transaction < 0 ? null : txidOf(reader, transaction),
      address: owner < 0 ? null : addressOf(reader, owner),
      asset: payments.assetText(asset),
      amount,
      time: payments.timeOfRow(row),
    }));
    return { steps, skipped: at < 0 ? 0 : taint.record(strand, at).hops + 1 };
  }
}

/**
 * Which tainted receipts of a transaction are of given payments: those of the same row; and, where an account's value changed its
 * form, which is recorded at the account's last transfer, those of whoever is paid in that asset.
 */
function receiptsOf(chosen: readonly Payment[], all: readonly Payment[]): (record: TaintRecord) => boolean {
  const rows = new Map(all.map((payment) => [payment.row, payment]));
  const own = new Set(chosen.map(({ row }) => row));
  const paid = new Set(chosen.map(({ to, asset }) => `${to} ${asset}`));
  return ({ row, owner, asset }) => {
    const payment = rows.get(row);
    const isItsOwn = payment !== undefined && payment.to === owner && payment.asset === asset;
    return isItsOwn ? own.has(row) : paid.has(`${owner} ${asset}`);
  };
}

function atLeast(whole: Whole | undefined, amount: bigint): Whole {
  return whole === undefined || whole.amount < amount ? { kind: "exact", amount } : whole;
}

/** Receipts of a transaction as one; undefined where there are none. */
function summed(
  of: Tainted,
  found: readonly (TaintRecord & { readonly record: number })[],
  mostHops: number,
): Tainted | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  const sum = (records: typeof found): bigint => records.reduce((total, { amount }) => total + amount, 0n);
  const rows = found.map(({ row }) => row);
  return {
    ...of,
    amount: sum(found),
    direct: sum(found.filter(({ hops }) => hops <= mostHops)),
    held: undefined,
    count: found.length,
    hops: Math.min(...found.map(({ hops }) => hops)),
    first: Math.min(...rows),
    last: Math.max(...rows),
    largest: found.reduce((most, one) => (one.amount > most.amount ? one : most), first).record,
  };
}

function isIndexPolicy(policy: string): policy is IndexPolicy {
  return (indexPolicies as readonly string[]).includes(policy);
}
