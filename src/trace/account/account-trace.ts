import { assert } from "../../base/assert.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import type { Policy } from "../policy.ts";
import type { StopRule } from "../stops.ts";
import {
  isConserved,
  originTooLate,
  sumOfKnown,
  type Arrival,
  type AssetTotals,
  type Exit,
  type Flow,
  type Holding,
  type LimitMet,
  type LimitName,
  type Limits,
  type Moment,
  type OriginRow,
  type PathStep,
  type Trace,
} from "../trace.ts";
import { AccountStops, hubStop } from "./account-stops.ts";
import { AccountView } from "./account-view.ts";
import { AccountWalk } from "./account-walk.ts";
import { Arrivals } from "./arrivals.ts";
import type { Lots, Piece } from "./lots.ts";
import type { PriceRule } from "./swap.ts";

export type AccountRequest = {
  /** Numbers of transfers. */
  readonly origins: readonly number[];
  readonly policy: Policy;
  readonly stops: StopRule | undefined;
  readonly limits: Limits;
  readonly notes?: readonly string[];
  readonly onProgress?: (transactions: number) => void;
  readonly swaps: "on" | "off";
  /** Prices weigh the assets of a swap that gives several; without one such a share is unknown. */
  readonly price: PriceRule;
  /** An account with more transfers is a stop named `hub`; undefined: none is. */
  readonly hubTransfers: number | undefined;
};

/**
 * Traces transfers forward on a chain of accounts. The rules stand in `docs/methods/tracing.md`.
 *
 * Cost: as {@link AccountWalk}.
 *
 * @param view - Of the same reader, given on to several traces: it keeps what was read.
 */
export function traceAccounts(
  reader: ChainReader,
  request: AccountRequest,
  view: AccountView = new AccountView(reader),
): AccountTrace {
  const { policy, swaps, price, limits, hubTransfers } = request;
  const stops = new AccountStops(view, request.stops);
  const endRow = limits.until === undefined ? Infinity : (view.moments.after(limits.until)?.row ?? Infinity);
  const walk = new AccountWalk(view, {
    policy,
    swaps,
    price,
    isStop: (account) => stops.of(account) !== undefined,
    hubTransfers,
    endRow,
    hopsMax: limits.hopsMax ?? Infinity,
    amountMin: limits.amountMin,
    budget: limits.budget ?? Infinity,
    onProgress: request.onProgress ?? (() => undefined),
  });
  const origins = [...new Set(request.origins)].toSorted((left, right) => left - right);
  const late = origins.find((row) => row >= endRow);
  if (late !== undefined) throw originTooLate(view.moments.ofRow(late).height, limits);
  walk.run(origins);
  return new AccountTrace({ reader, policy, notes: request.notes ?? [], view, walk, stops, origins });
}

/** What a trace on a chain of accounts is made of. */
export type AccountParts = {
  readonly view: AccountView;
  readonly walk: AccountWalk;
  readonly stops: AccountStops;
  readonly origins: readonly number[];
};
/** A holding by numbers. */
type Held = {
  readonly account: number;
  readonly asset: number;
  /** Undefined under `poison`. */
  readonly amount: bigint | undefined;
  readonly record: number;
  readonly limit: LimitName | undefined;
  /** What it is made of: an account's lots, and amounts that were not followed, by their record. */
  readonly from: readonly (Lots | Piece)[];
};

/** Amounts by asset and Unix seconds. */
type ByBlock = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/** What an account has of an asset behind one limit, or behind none, together. */
function joined(held: readonly Held[]): readonly Held[] {
  const groups = Map.groupBy(held, ({ account, asset, limit }) => `${account} ${asset} ${limit ?? ""}`);
  return [...groups.values()].map((group): Held => {
    const [first] = group as [Held];
    const amount = sumOfKnown(group.map((one) => one.amount));
    return { ...first, amount, from: group.flatMap(({ from }) => from) };
  });
}

function arrivals(byBlock: ByBlock, asset: string): readonly Arrival[] {
  return [...(byBlock.get(asset) ?? [])].map(([time, amount]) => ({ time, amount }));
}

/** The answer of a trace on a chain of accounts. */
export class AccountTrace implements Trace {
  readonly model = "account";
  readonly chain: Trace["chain"];
  readonly policy: Policy;
  readonly totals: readonly AssetTotals[];
  readonly limits: readonly LimitMet[];
  readonly assumptions: readonly string[];
  readonly cost: Trace["cost"];
  readonly #parts: AccountParts;
  readonly #held: readonly Held[];
  /** Made when first asked for. */
  #heldByKey: ReadonlyMap<string, Held> | undefined;
  #arrivals: Arrivals | undefined;
  #fees: ByBlock | undefined;
  #into: ByBlock | undefined;
  #out: ByBlock | undefined;

  constructor(
    parts: AccountParts & { readonly reader: ChainReader; readonly policy: Policy; readonly notes: readonly string[] },
  ) {
    const { reader, policy, view, walk } = parts;
    this.chain = reader.chain;
    this.policy = policy;
    this.#parts = parts;
    this.#held = this.#heldOf();
    this.totals = this.#totalsOf();
    this.limits = this.#limitsOf();
    this.assumptions = [...parts.notes, ...this.#assumptionsOf(reader)];
    this.cost = { transactions: walk.transactions, rows: walk.rows, pages: view.pagesRead };
    assert(policy === "poison" || this.totals.every(isConserved), "trace: value is not conserved");
  }

  /** For what is found in a trace: by numbers, not to be changed. */
  get parts(): AccountParts {
    return this.#parts;
  }

  get origins(): readonly OriginRow[] {
    const { view, origins } = this.#parts;
    return origins.map((row) => ({
      ...this.#moment(row),
      ref: view.ref(row),
      address: view.address(view.to(row)),
      asset: view.assetText(view.asset(row)),
      amount: view.amount(row),
    }));
  }

  *holdings(): Iterable<Holding> {
    const { view, walk } = this.#parts;
    for (const { account, asset, amount, record, limit } of this.#held) {
      yield {
        id: record,
        ref: undefined,
        address: view.address(account),
        asset: view.assetText(asset),
        amount,
        hops: walk.records[record]?.hops ?? 0,
        limit,
      };
    }
  }

  *exits(): Iterable<Exit> {
    const { view, walk, stops } = this.#parts;
    for (const [id, { row, to, asset, amount, hops, fate }] of walk.records.entries()) {
      if (fate !== "exit") continue;
      const { entity, category } = stops.of(to) ?? hubStop;
      yield {
        id,
        ref: view.ref(row),
        address: view.address(to),
        entity,
        category,
        asset: view.assetText(asset),
        amount,
        hops,
        ...this.#moment(row),
      };
    }
  }

  arrivalsOf({ id, limit, amount }: Holding): readonly Arrival[] | undefined {
    this.#heldByKey ??= new Map(this.#held.map((one) => [`${one.record} ${one.limit ?? ""}`, one]));
    const held = this.#heldByKey.get(`${id} ${limit ?? ""}`);
    if (held === undefined || amount === undefined) return undefined;
    this.#arrivals ??= new Arrivals(this.#parts.walk, this.#parts.view);
    return this.#arrivals.of(held.from);
  }

  feePayments(asset: string): readonly Arrival[] {
    this.#fees ??= this.#byBlock(this.#parts.walk.records, ({ fate }) => fate === "fee");
    return arrivals(this.#fees, asset);
  }

  conversions(asset: string): { readonly into: readonly Arrival[]; readonly out: readonly Arrival[] } {
    const { records, conversions } = this.#parts.walk;
    this.#into ??= this.#byBlock(records, ({ what }) => what === "swap");
    this.#out ??= this.#byBlock(conversions, () => true);
    return { into: arrivals(this.#into, asset), out: arrivals(this.#out, asset) };
  }

  path(id: number): readonly PathStep[] {
    const { view, walk } = this.#parts;
    const steps: PathStep[] = [];
    for (let record = walk.records[id]; record !== undefined; record = walk.records[record.parent]) {
      const { row, what, from, to, asset, amount } = record;
      steps.push({
        ref: view.ref(row),
        from: view.address(from),
        to: view.address(to),
        asset: view.assetText(asset),
        amount,
        what,
        ...this.#moment(row),
      });
    }
    return steps.toReversed();
  }

  *flows(): Iterable<Flow> {
    const { view, walk } = this.#parts;
    for (const { row, from, to, asset, amount } of walk.records) {
      const nameOf = (account: number, otherwise: string): string =>
        account < 0 ? otherwise : `address:${view.address(account) ?? ""}`;
      yield {
        source: nameOf(from, "nobody:mint"),
        target: nameOf(to, "nobody:fee"),
        ref: view.ref(row),
        asset: view.assetText(asset),
        amount,
        ...this.#moment(row),
      };
    }
  }

  /** Some of the moves, by asset and time. */
  #byBlock<Move extends { readonly row: number; readonly asset: number; readonly amount: bigint }>(
    moves: readonly Move[],
    isMeant: (move: Move) => boolean,
  ): ByBlock {
    const { view } = this.#parts;
    const found = new Map<string, Map<number, bigint>>();
    for (const one of moves) {
      if (!isMeant(one)) continue;
      const asset = view.assetText(one.asset);
      let byTime = found.get(asset);
      if (byTime === undefined) found.set(asset, (byTime = new Map()));
      const { time } = view.moments.ofRow(one.row);
      byTime.set(time, (byTime.get(time) ?? 0n) + one.amount);
    }
    return found;
  }

  #heldOf(): readonly Held[] {
    const { walk } = this.#parts;
    const held: Held[] = [];
    const isPoison = this.policy === "poison";
    const cut = walk.end === "all" ? undefined : walk.end;
    for (const state of walk.states.values()) {
      const limit = state.nextRow === Infinity ? undefined : cut;
      for (const [asset, lots] of state.lots) {
        const { taint, isTainted, lead: record } = lots;
        const amount = isPoison ? undefined : taint;
        if (isTainted) held.push({ account: state.number, asset, amount, record, limit, from: [lots] });
      }
    }
    const inLots = held.length;
    for (const [record, { to, asset, amount, fate, row }] of walk.records.entries()) {
      if (fate !== "hops-max" && fate !== "amount-min") continue;
      const goesOn = this.#parts.view.rowsOf(to, row + 1, 1).length > 0;
      const known = isPoison ? undefined : amount;
      const limit = goesOn ? fate : undefined;
      held.push({ account: to, asset, amount: known, record, limit, from: [{ amount, record }] });
    }
    // What lies in lots is one for each account and asset.
    return (held.length === inLots ? held : joined(held)).toSorted(
      (left, right) => left.account - right.account || left.asset - right.asset || left.record - right.record,
    );
  }

  #totalsOf(): readonly AssetTotals[] {
    const { view, walk } = this.#parts;
    const exits = new Map<number, bigint>();
    const holdings = Map.groupBy(this.#held, ({ asset }) => asset);
    for (const { asset, amount, fate } of walk.records) {
      if (fate === "exit") exits.set(asset, (exits.get(asset) ?? 0n) + amount);
    }
    const assets = new Set([...holdings.keys(), ...exits.keys(), ...walk.sums.keys()]);
    const none = { origin: 0n, fees: 0n, convertedInto: 0n, convertedOut: 0n };
    return [...assets]
      .toSorted((left, right) => left - right)
      .map((asset) => ({
        asset: view.assetText(asset),
        ...(walk.sums.get(asset) ?? none),
        holdings: sumOfKnown((holdings.get(asset) ?? []).map(({ amount }) => amount)),
        exits: exits.get(asset) ?? 0n,
      }));
  }

  #limitsOf(): readonly LimitMet[] {
    const { view } = this.#parts;
    const met = this.#held.filter(({ limit }) => limit !== undefined);
    const groups = Map.groupBy(met, ({ limit, asset }) => `${limit} ${asset}`);
    return [...groups.values()].map((group) => {
      const [first] = group as [Held];
      const amount = sumOfKnown(group.map((one) => one.amount));
      return { limit: first.limit ?? "until", asset: view.assetText(first.asset), amount, count: group.length };
    });
  }

  #assumptionsOf(reader: ChainReader): readonly string[] {
    const { walk, view } = this.#parts;
    const found: string[] = [];
    for (const hub of [...walk.hubs].toSorted((left, right) => left - right)) {
      found.push(`${view.address(hub) ?? ""} has so many transfers that it is taken as a pooled service (hub).`);
    }
    if (walk.unpriced.length > 0) {
      const refs = walk.unpriced.slice(0, 5).map((row) => view.txid(row));
      const more = walk.unpriced.length > refs.length ? ", …" : "";
      found.push(
        `For want of a price it is not known what part of what was gained is tainted in ${refs.join(", ")}${more}.`,
      );
    }
    if (walk.burnt > 0) found.push(`${walk.burnt} transfers to nobody that are no gas fee are among the fees.`);
    if (walk.idle.length > 0) {
      found.push(
        `Of the origins ${walk.idle.length} move nothing, or go from an account to itself: they do not count.`,
      );
    }
    if (reader.state.internalUnknown > 0) {
      found.push(
        `Transfers inside transactions are not known in ${reader.state.internalUnknown} blocks of the ledger.`,
      );
    }
    return found;
  }

  #moment(row: number): Moment {
    return { txid: this.#parts.view.txid(row), ...this.#parts.view.moments.ofRow(row) };
  }
}
