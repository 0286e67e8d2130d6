/**
 * Tracing on a chain of accounts as the specification says it, over the whole ledger in order, with every balance a list of
 * segments: slow and obvious, and without a line of the engine.
 */
import type { AccountBlock, Transfer } from "../../src/chains/block.ts";
import type { Policy } from "../../src/trace/policy.ts";
import { Following, type AccountLimits } from "./trace-account-limits.ts";
import { cut, hopsOf, isOrdered, merged, pooled, split, sum, taintOf, type Segment } from "./trace-segments.ts";

/** US dollars of a base unit, as a fraction. */
export type ModelPrice = { readonly numerator: bigint; readonly denominator: bigint };

export type ModelRequest = {
  /** `TXID:POSITION`. */
  readonly origins: ReadonlySet<string>;
  readonly policy: Policy;
  readonly stops: ReadonlySet<string>;
  readonly swaps: boolean;
  readonly price: (asset: string) => ModelPrice | undefined;
  readonly limits?: AccountLimits;
  /** Transfers of which that part is stolen, too, that the payer had not received in the ledger. */
  readonly before?: ReadonlySet<string>;
};

/** All sums by asset; holdings by `ADDRESS ASSET` (under `poison` 0 stands for "no amount"), exits by `REF`. */
export type ModelAccountTrace = {
  readonly origin: ReadonlyMap<string, bigint>;
  readonly fees: ReadonlyMap<string, bigint>;
  readonly convertedInto: ReadonlyMap<string, bigint>;
  readonly convertedOut: ReadonlyMap<string, bigint>;
  readonly holdings: ReadonlyMap<string, bigint>;
  readonly exits: ReadonlyMap<string, bigint>;
  /** Of what rests, what has a later transfer of its account behind a limit: by `LIMIT ADDRESS ASSET`. */
  readonly beyond: ReadonlyMap<string, bigint>;
  /** What each transfer carried, by reference; of a theft its whole amount. */
  readonly carried: ReadonlyMap<string, bigint>;
};

/** Every tainted receipt, in order; of a change of form by the account's last transfer. Not under `poison`. */
export type ModelReceipts = {
  readonly receipts: readonly {
    readonly ref: string;
    readonly to: string;
    readonly asset: string;
    readonly amount: bigint;
  }[];
};

type Row = Transfer & { readonly ref: string; readonly group: string; readonly number: number };
/** What an account gives and gets in one transaction, and the taint that it gave so far, `hops` from its origin. */
type Exchange = {
  readonly last: Row;
  readonly given: Map<string, { paid: bigint; back: bigint; tainted: bigint; hops: number }>;
  readonly gained: Map<string, bigint>;
};

const add = (map: Map<string, bigint>, key: string, amount: bigint): void => {
  map.set(key, (map.get(key) ?? 0n) + amount);
};

export function modelAccountTrace(
  blocks: readonly AccountBlock[],
  request: ModelRequest,
): ModelAccountTrace & ModelReceipts {
  let number = 0;
  const rowsOf = blocks.map((block) =>
    block.transfers.map((transfer, at): Row => {
      const id = block.transactions[transfer.transaction]?.id;
      const group = id === undefined ? `block ${block.height}, ${at}` : `${block.height} ${transfer.transaction}`;
      return { ...transfer, ref: `${id ?? `block ${block.height}`}:${transfer.position}`, group, number: number++ };
    }),
  );
  const model = new Model(request, rowsOf.flat());
  for (const [at, { height }] of blocks.entries()) {
    const rows = rowsOf[at] ?? [];
    const isBehind = height !== undefined && height > (request.limits?.until ?? Infinity);
    if (isBehind) return model.told(rowsOf.slice(0, at).flat().length);
    for (const row of rows) model.apply(row, rows);
  }
  return model.told();
}

class Model {
  readonly #request: ModelRequest;
  readonly #lists = new Map<string, readonly Segment[]>();
  readonly #poisoned = new Set<string>();
  readonly #exchanges = new Map<string, Exchange | undefined>();
  readonly #origin = new Map<string, bigint>();
  readonly #fees = new Map<string, bigint>();
  readonly #into = new Map<string, bigint>();
  readonly #out = new Map<string, bigint>();
  readonly #exits = new Map<string, bigint>();
  readonly #carried = new Map<string, bigint>();
  readonly #receipts: { ref: string; to: string; asset: string; amount: bigint }[] = [];
  /** Where parts are not kept apart: how far the nearest is that came to an account since it was clean. */
  readonly #near = new Map<string, number>();
  readonly #carrying = new Set<Exchange>();
  readonly #following: Following;

  constructor(request: ModelRequest, rows: readonly Row[]) {
    this.#request = request;
    this.#following = new Following(request.limits ?? {}, rows);
  }

  /** By `ACCOUNT ASSET`; under `poison` without amounts. */
  #held(): readonly { account: string; asset: string; amount: bigint }[] {
    const keys = [...this.#poisoned].map((key): [string, bigint] => [key, 0n]);
    const lists = [...this.#lists].map(([key, list]): [string, bigint] => [key, taintOf(list)]);
    return [...keys, ...lists.filter(([, amount]) => amount > 0n)].map(([key, amount]) => {
      const [account = "", asset = ""] = key.split(" ");
      return { account, asset, amount };
    });
  }

  /** @param end - The row before which following ended. */
  told(end = Infinity): ModelAccountTrace & ModelReceipts {
    const [holdings, beyond] = [new Map<string, bigint>(), new Map<string, bigint>()];
    const following = this.#following;
    const rest = (account: string, asset: string, amount: bigint, limit: string | undefined): void => {
      const told = this.#request.policy === "poison" ? 0n : amount;
      add(holdings, `${account} ${asset}`, told);
      if (limit !== undefined) add(beyond, `${limit} ${account} ${asset}`, told);
    };
    for (const { account, asset, amount } of this.#held()) {
      const isCut = !this.#request.stops.has(account) && following.goesOn(account, end);
      rest(account, asset, amount, isCut ? "until" : undefined);
    }
    for (const { account, asset, amount, limit, from } of following.resting) {
      rest(account, asset, amount, following.goesOn(account, from) ? limit : undefined);
    }
    return {
      beyond,
      origin: this.#origin,
      fees: this.#fees,
      convertedInto: this.#into,
      convertedOut: this.#out,
      holdings,
      exits: this.#exits,
      carried: this.#carried,
      receipts: this.#receipts,
    };
  }

  apply(row: Row, block: readonly Row[]): void {
    const { from, to, amount } = row;
    if (this.#endsBefore(row)) this.#end(row);
    if (amount > 0n && from !== to) this.#move(row, block);
    for (const account of new Set([from, to])) if (account !== undefined) this.#finish(account, row, block);
  }

  /** Whether the budget ends following before a row: a theft is looked at, and no change of form left in its middle. */
  #endsBefore(row: Row): boolean {
    const { origins, stops } = this.#request;
    if (origins.has(row.ref) || this.#carrying.size > 0 || !this.#following.isUsedUp(row)) return false;
    return this.#held().some(({ account }) => !stops.has(account) && (account === row.from || account === row.to));
  }

  /** Leaves all that is held where it is: from here on it counts as clean. */
  #end(row: Row): void {
    this.#following.isOver = true;
    for (const { account, asset, amount } of this.#held()) {
      if (this.#request.stops.has(account)) continue;
      const key = `${account} ${asset}`;
      this.#following.leave(row, account, asset, amount);
      this.#poisoned.delete(key);
      this.#lists.set(key, merged((this.#lists.get(key) ?? []).map((one) => ({ ...one, tainted: false }))));
    }
  }

  #move(row: Row, block: readonly Row[]): void {
    const { origins, stops } = this.#request;
    const { from, to, asset, amount, ref } = row;
    const isTheft = origins.has(ref);
    let pieces: readonly Segment[] = [{ tainted: false, amount }];
    if (from !== undefined && !stops.has(from)) pieces = this.#take(row, from);
    if (from !== undefined && !isTheft && counts(row, from, this.#request)) {
      const exchange = this.#exchange(from, row, block);
      const side = exchange?.given.get(asset);
      if (exchange !== undefined && side !== undefined) {
        side.tainted += taintOf(pieces);
        side.hops = Math.min(side.hops, hopsOf(pieces));
        if (taintOf(pieces) > 0n) this.#carrying.add(exchange);
        pieces = [{ tainted: false, amount }];
      }
    }
    if (isTheft) {
      add(this.#origin, asset, amount - taintOf(pieces));
      pieces = [{ tainted: true, amount, hops: -1 }];
    }
    const taint = taintOf(pieces);
    if (taint > 0n) add(this.#carried, ref, taint);
    if (taint > 0n) this.#following.visit(row);
    const hops = hopsOf(pieces) + 1;
    pieces = pieces.map((one) => (one.tainted ? { ...one, hops } : one));
    if (to !== undefined && taint > 0n) this.#receipts.push({ ref, to, asset, amount: taint });
    if (to === undefined) add(this.#fees, asset, taint);
    else if (stops.has(to)) {
      if (isTheft) this.#give(to, asset, pieces);
      else if (taint > 0n) add(this.#exits, ref, taint);
    } else this.#receive(row, to, { taint, hops, isTheft, pieces });
  }

  /** An account that is no stop receives; what is not followed comes as clean. */
  #receive(
    row: Row,
    to: string,
    { taint, hops, isTheft, pieces }: { taint: bigint; hops: number; isTheft: boolean; pieces: readonly Segment[] },
  ): void {
    const { asset, amount, number } = row;
    const following = this.#following;
    const limit = taint === 0n ? undefined : following.limitOf(hops, taint, isTheft);
    if (limit !== undefined) following.resting.push({ account: to, asset, amount: taint, limit, from: number + 1 });
    else if (taint > 0n && following.isOver) following.stay(row, to, asset, taint);
    const isFollowed = limit === undefined && !following.isOver;
    this.#give(to, asset, isFollowed ? pieces : [{ tainted: false, amount }]);
  }

  #take({ asset, amount, ref }: Row, account: string): readonly Segment[] {
    const key = `${account} ${asset}`;
    const { policy } = this.#request;
    const near = this.#near.get(key) ?? 0;
    if (policy === "poison") return [{ tainted: this.#poisoned.has(key), amount, hops: near }];
    const list = this.#lists.get(key) ?? [];
    const [taken, left] = split(policy, list, amount);
    this.#lists.set(key, left);
    const own = isOrdered(policy) ? taken : taken.map((one) => ({ ...one, hops: near }));
    return merged([...own, { tainted: this.#request.before?.has(ref) === true, amount: amount - sum(taken), hops: 0 }]);
  }

  #give(account: string, asset: string, pieces: readonly Segment[]): void {
    const key = `${account} ${asset}`;
    if (taintOf(pieces) > 0n) this.#comeNear(key, hopsOf(pieces));
    if (this.#request.policy === "poison") {
      if (taintOf(pieces) > 0n) this.#poisoned.add(key);
      return;
    }
    this.#lists.set(key, merged([...(this.#lists.get(key) ?? []), ...pieces]));
  }

  #comeNear(key: string, hops: number): void {
    const isTainted = this.#poisoned.has(key) || taintOf(this.#lists.get(key) ?? []) > 0n;
    this.#near.set(key, isTainted ? Math.min(hops, this.#near.get(key) ?? Infinity) : hops);
  }

  /** An account's change of form in a row's transaction; undefined where it is none. */
  #exchange(account: string, row: Row, block: readonly Row[]): Exchange | undefined {
    if (!this.#request.swaps || row.transaction < 0) return undefined;
    const key = `${account} ${row.group}`;
    if (this.#exchanges.has(key)) return this.#exchanges.get(key);
    const own = block.filter((one) => one.group === row.group && (one.from === account || one.to === account));
    const counted = own.filter((one) => counts(one, account, this.#request));
    const nets = new Map<string, bigint>();
    for (const { from, asset, amount } of counted) add(nets, asset, from === account ? -amount : amount);
    const exchange: Exchange = { last: own.at(-1) ?? row, given: new Map(), gained: new Map() };
    for (const [asset, net] of nets) {
      if (net > 0n) exchange.gained.set(asset, net);
      if (net >= 0n) continue;
      const moved = counted.filter((one) => one.asset === asset && !this.#request.origins.has(one.ref));
      const total = (isPaid: boolean): bigint =>
        moved.filter(({ from }) => (from === account) === isPaid).reduce((all, { amount }) => all + amount, 0n);
      exchange.given.set(asset, { paid: total(true), back: total(false), tainted: 0n, hops: Infinity });
    }
    const found = exchange.given.size > 0 && exchange.gained.size > 0 ? exchange : undefined;
    this.#exchanges.set(key, found);
    return found;
  }

  /** After the account's last transfer of the transaction: what was given tainted makes what was gained tainted. */
  #finish(account: string, row: Row, block: readonly Row[]): void {
    const exchange = this.#exchange(account, row, block);
    if (exchange?.last !== row) return;
    this.#carrying.delete(exchange);
    const hops = Math.min(...[...exchange.given.values()].map((side) => side.hops));
    const parts: { asset: string; net: bigint; tainted: bigint }[] = [];
    for (const [asset, { paid, back, tainted, hops: from }] of exchange.given) {
      const returned = back >= paid ? tainted : (tainted * back) / paid;
      const made = this.#retaint({ account, asset, hops: from }, back, returned);
      if (tainted > made) this.#following.visit(row);
      add(this.#out, asset, tainted - made);
      const net = paid - back;
      if (net > 0n) parts.push({ asset, net, tainted: tainted - made < net ? tainted - made : net });
      else if (tainted > made) parts.push({ asset, net: 0n, tainted: 0n });
    }
    const outs = [...exchange.given.values()].some(({ tainted }) => tainted > 0n);
    if (!outs) return;
    const share = this.#fraction(parts.filter(({ net }) => net > 0n));
    for (const [asset, gained] of exchange.gained) {
      if (this.#request.policy === "poison") {
        const isConverted = [...exchange.given.keys()].length > 0;
        if (isConverted && outs && parts.some(({ tainted }) => tainted > 0n)) {
          add(this.#into, asset, gained);
          this.#comeNear(`${account} ${asset}`, hops);
          this.#poisoned.add(`${account} ${asset}`);
        }
      } else if (share !== undefined) {
        const made = this.#retaint({ account, asset, hops }, gained, (gained * share.numerator) / share.denominator);
        add(this.#into, asset, made);
        if (made > 0n) this.#receipts.push({ ref: row.ref, to: account, asset, amount: made });
      }
    }
  }

  #fraction(parts: readonly { asset: string; net: bigint; tainted: bigint }[]): ModelPrice | undefined {
    if (parts.every(({ tainted }) => tainted === 0n)) return { numerator: 0n, denominator: 1n };
    if (parts.every(({ tainted, net }) => tainted === net)) return { numerator: 1n, denominator: 1n };
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return { numerator: only.tainted, denominator: only.net };
    const prices = parts.map(({ asset }) => this.#request.price(asset));
    if (prices.includes(undefined)) return undefined;
    const common = prices.reduce((all, price) => all * (price?.denominator ?? 1n), 1n);
    const worth = (amount: bigint, at: number): bigint =>
      (amount * (prices[at]?.numerator ?? 0n) * common) / (prices[at]?.denominator ?? 1n);
    return {
      numerator: parts.reduce((all, { tainted }, at) => all + worth(tainted, at), 0n),
      denominator: parts.reduce((all, { net }, at) => all + worth(net, at), 0n),
    };
  }

  /** Of the units that came last so many become tainted, as far as they are clean; the tainted part of them comes first. */
  #retaint(
    { account, asset, hops }: { readonly account: string; readonly asset: string; readonly hops: number },
    received: bigint,
    amount: bigint,
  ): bigint {
    const key = `${account} ${asset}`;
    if (amount === 0n) return 0n;
    if (this.#request.policy === "poison") {
      this.#comeNear(key, hops);
      this.#poisoned.add(key);
      return amount;
    }
    const list = this.#lists.get(key) ?? [];
    if (!isOrdered(this.#request.policy)) {
      const clean = sum(list) - taintOf(list);
      const made = [clean, received, amount].reduce((least, one) => (one < least ? one : least));
      if (made > 0n) this.#comeNear(key, hops);
      this.#lists.set(key, pooled(taintOf(list) + made, clean - made));
      return made;
    }
    const [tailBackwards, headBackwards] = cut(list.toReversed(), received);
    const tail = tailBackwards.toReversed();
    const clean = sum(tail) - taintOf(tail);
    const made = clean < amount ? clean : amount;
    const retainted = [{ tainted: true, amount: made, hops }, ...pooled(0n, clean - made)];
    const own = tail.filter(({ tainted }) => tainted);
    this.#lists.set(key, merged([...headBackwards.toReversed(), ...own, ...retainted]));
    return made;
  }
}

/** Whether a transfer counts for its account's change of form. */
function counts(row: Row, account: string, { stops, origins }: ModelRequest): boolean {
  const other = row.from === account ? row.to : row.from;
  if (row.kind === "fee" || row.amount === 0n || row.from === row.to) return false;
  return origins.has(row.ref) || other === undefined || !stops.has(other);
}
