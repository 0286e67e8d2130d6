/**
 * Tracing on a chain of accounts as the specification says it, over the whole ledger in order, with every balance a list of
 * segments: slow and obvious, and without a line of the engine.
 */
import type { AccountBlock, Transfer } from "../../src/chains/block.ts";
import type { Policy } from "../../src/trace/policy.ts";

/** US dollars of a base unit, as a fraction. */
export type ModelPrice = { readonly numerator: bigint; readonly denominator: bigint };

export type ModelRequest = {
  /** `TXID:POSITION`. */
  readonly origins: ReadonlySet<string>;
  readonly policy: Policy;
  readonly stops: ReadonlySet<string>;
  readonly swaps: boolean;
  readonly price: (asset: string) => ModelPrice | undefined;
};

/** All sums by asset; holdings by `ADDRESS ASSET` (under `poison` 0 stands for "no amount"), exits by `REF`. */
export type ModelAccountTrace = {
  readonly origin: ReadonlyMap<string, bigint>;
  readonly fees: ReadonlyMap<string, bigint>;
  readonly convertedInto: ReadonlyMap<string, bigint>;
  readonly convertedOut: ReadonlyMap<string, bigint>;
  readonly holdings: ReadonlyMap<string, bigint>;
  readonly exits: ReadonlyMap<string, bigint>;
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

type Segment = { readonly tainted: boolean; readonly amount: bigint };
type Row = Transfer & { readonly ref: string; readonly group: string };
/** What an account gives and gets in one transaction, and the taint that it gave so far. */
type Exchange = {
  readonly last: Row;
  readonly given: Map<string, { paid: bigint; back: bigint; tainted: bigint }>;
  readonly gained: Map<string, bigint>;
};

const add = (map: Map<string, bigint>, key: string, amount: bigint): void => {
  map.set(key, (map.get(key) ?? 0n) + amount);
};
const sum = (segments: readonly Segment[]): bigint => segments.reduce((all, { amount }) => all + amount, 0n);
const taintOf = (segments: readonly Segment[]): bigint => sum(segments.filter(({ tainted }) => tainted));

export function modelAccountTrace(
  blocks: readonly AccountBlock[],
  request: ModelRequest,
): ModelAccountTrace & ModelReceipts {
  const model = new Model(request);
  for (const block of blocks) {
    const rows = block.transfers.map((transfer, at): Row => {
      const id = block.transactions[transfer.transaction]?.id;
      const group = id === undefined ? `block ${block.height}, ${at}` : `${block.height} ${transfer.transaction}`;
      return { ...transfer, ref: `${id ?? `block ${block.height}`}:${transfer.position}`, group };
    });
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
  readonly #receipts: { ref: string; to: string; asset: string; amount: bigint }[] = [];

  constructor(request: ModelRequest) {
    this.#request = request;
  }

  told(): ModelAccountTrace & ModelReceipts {
    const holdings = new Map<string, bigint>();
    for (const key of this.#poisoned) holdings.set(key, 0n);
    for (const [key, list] of this.#lists) if (taintOf(list) > 0n) holdings.set(key, taintOf(list));
    return {
      origin: this.#origin,
      fees: this.#fees,
      convertedInto: this.#into,
      convertedOut: this.#out,
      holdings,
      exits: this.#exits,
      receipts: this.#receipts,
    };
  }

  apply(row: Row, block: readonly Row[]): void {
    const { from, to, amount } = row;
    if (amount > 0n && from !== to) this.#move(row, block);
    for (const account of new Set([from, to])) if (account !== undefined) this.#finish(account, row, block);
  }

  #move(row: Row, block: readonly Row[]): void {
    const { origins, stops } = this.#request;
    const { from, to, asset, amount, ref } = row;
    const isTheft = origins.has(ref);
    let pieces: readonly Segment[] = [{ tainted: false, amount }];
    if (from !== undefined && !stops.has(from)) pieces = this.#take(from, asset, amount);
    if (from !== undefined && !isTheft && counts(row, from, this.#request)) {
      const side = this.#exchange(from, row, block)?.given.get(asset);
      if (side !== undefined) {
        side.tainted += taintOf(pieces);
        pieces = [{ tainted: false, amount }];
      }
    }
    if (isTheft) {
      add(this.#origin, asset, amount - taintOf(pieces));
      pieces = [{ tainted: true, amount }];
    }
    const taint = taintOf(pieces);
    if (to !== undefined && taint > 0n) this.#receipts.push({ ref, to, asset, amount: taint });
    if (to === undefined) add(this.#fees, asset, taint);
    else if (stops.has(to) && !isTheft) {
      if (taint > 0n) add(this.#exits, ref, taint);
    } else this.#give(to, asset, pieces);
  }

  #take(account: string, asset: string, amount: bigint): readonly Segment[] {
    const key = `${account} ${asset}`;
    const { policy } = this.#request;
    if (policy === "poison") return [{ tainted: this.#poisoned.has(key), amount }];
    const list = this.#lists.get(key) ?? [];
    const [taken, left] = split(policy, list, amount);
    this.#lists.set(key, left);
    return merged([...taken, { tainted: false, amount: amount - sum(taken) }]);
  }

  #give(account: string, asset: string, pieces: readonly Segment[]): void {
    const key = `${account} ${asset}`;
    if (this.#request.policy === "poison") {
      if (taintOf(pieces) > 0n) this.#poisoned.add(key);
      return;
    }
    this.#lists.set(key, merged([...(this.#lists.get(key) ?? []), ...pieces]));
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
      exchange.given.set(asset, { paid: total(true), back: total(false), tainted: 0n });
    }
    const found = exchange.given.size > 0 && exchange.gained.size > 0 ? exchange : undefined;
    this.#exchanges.set(key, found);
    return found;
  }

  /** After the account's last transfer of the transaction: what was given tainted makes what was gained tainted. */
  #finish(account: string, row: Row, block: readonly Row[]): void {
    const exchange = this.#exchange(account, row, block);
    if (exchange?.last !== row) return;
    const parts: { asset: string; net: bigint; tainted: bigint }[] = [];
    for (const [asset, { paid, back, tainted }] of exchange.given) {
      const returned = back >= paid ? tainted : (tainted * back) / paid;
      const made = this.#retaint(account, asset, back, returned);
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
          this.#poisoned.add(`${account} ${asset}`);
        }
      } else if (share !== undefined) {
        const made = this.#retaint(account, asset, gained, (gained * share.numerator) / share.denominator);
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
  #retaint(account: string, asset: string, received: bigint, amount: bigint): bigint {
    const key = `${account} ${asset}`;
    if (amount === 0n) return 0n;
    if (this.#request.policy === "poison") {
      this.#poisoned.add(key);
      return amount;
    }
    const list = this.#lists.get(key) ?? [];
    if (!["fifo", "lifo"].includes(this.#request.policy)) {
      const clean = sum(list) - taintOf(list);
      const made = [clean, received, amount].reduce((least, one) => (one < least ? one : least));
      this.#lists.set(key, pooled(taintOf(list) + made, clean - made));
      return made;
    }
    const [tailBackwards, headBackwards] = cut(list.toReversed(), received);
    const tail = tailBackwards.toReversed();
    const clean = sum(tail) - taintOf(tail);
    const made = clean < amount ? clean : amount;
    this.#lists.set(key, merged([...headBackwards.toReversed(), ...pooled(taintOf(tail) + made, clean - made)]));
    return made;
  }
}

/** Whether a transfer counts for its account's change of form. */
function counts(row: Row, account: string, { stops, origins }: ModelRequest): boolean {
  const other = row.from === account ? row.to : row.from;
  if (row.kind === "fee" || row.amount === 0n || row.from === row.to) return false;
  return origins.has(row.ref) || other === undefined || !stops.has(other);
}

const pooled = (tainted: bigint, clean: bigint): readonly Segment[] =>
  merged([
    { tainted: true, amount: tainted },
    { tainted: false, amount: clean },
  ]);

/** What a payment takes of a list by a policy, and what it leaves. */
function split(
  policy: Policy,
  list: readonly Segment[],
  amount: bigint,
): [taken: readonly Segment[], left: readonly Segment[]] {
  const tainted = list.filter((one) => one.tainted);
  const clean = list.filter((one) => !one.tainted);
  switch (policy) {
    case "fifo":
      return cut(list, amount);
    case "lifo": {
      const [taken, left] = cut(list.toReversed(), amount);
      return [taken, left.toReversed()];
    }
    case "taint-first":
      return cut([...tainted, ...clean], amount);
    case "taint-last":
      return cut([...clean, ...tainted], amount);
    default: {
      const balance = sum(list);
      const part = amount >= balance ? taintOf(list) : (taintOf(list) * amount) / balance;
      const rest = amount - part < sum(clean) ? amount - part : sum(clean);
      return [pooled(part, rest), pooled(taintOf(list) - part, sum(clean) - rest)];
    }
  }
}

function cut(list: readonly Segment[], amount: bigint): [taken: readonly Segment[], left: readonly Segment[]] {
  const [taken, left]: [Segment[], Segment[]] = [[], []];
  let need = amount;
  for (const { tainted, amount: size } of list) {
    const part = size < need ? size : need;
    need -= part;
    if (part > 0n) taken.push({ tainted, amount: part });
    if (size > part) left.push({ tainted, amount: size - part });
  }
  return [taken, left];
}

function merged(segments: readonly Segment[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const { tainted, amount } of segments) {
    const last = result.at(-1);
    if (amount <= 0n) continue;
    if (last?.tainted === tainted) result[result.length - 1] = { tainted, amount: last.amount + amount };
    else result.push({ tainted, amount });
  }
  return result;
}
