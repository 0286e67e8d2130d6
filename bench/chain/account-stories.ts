import { createHash } from "node:crypto";

/** One asset from one account to another, in base units. */
export type PlannedMove = {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The native asset where undefined; else a token's contract. */
  readonly token: string | undefined;
  readonly amount: bigint;
  /** Whether a contract makes it within somebody else's transaction. */
  readonly internal?: boolean;
  /** What it is called. */
  readonly label: string | undefined;
};

/** A transaction of an account chain: who signs and pays for it, and what it moves. */
export type PlannedCall = {
  readonly name: string;
  readonly txid: string;
  readonly payer: string;
  readonly fee: bigint;
  readonly moves: readonly PlannedMove[];
};

/** A story: transactions by block, and addresses by name. Block 1 gives the parties what they have. */
export type AccountStory = {
  readonly blocks: ReadonlyMap<number, readonly PlannedCall[]>;
  readonly parties: ReadonlyMap<string, string>;
  /** The branch that is given up: it differs from a block on, for so many blocks. */
  readonly fork:
    | { readonly height: number; readonly depth: number; readonly stale: AccountStory["blocks"] }
    | undefined;
  readonly lastHeight: number;
};

const ETH = 1_000_000_000_000_000_000n;
const MILLI = ETH / 1_000n;
const GAS_PRICE = 20_000_000_000n;
/** What every payer has besides, for fees. */
const FLOAT = ETH;

class Telling {
  readonly blocks = new Map<number, PlannedCall[]>();
  readonly parties = new Map<string, string>();
  height = 2;
  fork: AccountStory["fork"];
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  party(name: string): string {
    const known = this.parties.get(name) ?? `0x${digest(`${this.#seed}/${name}`).slice(0, 40)}`;
    this.parties.set(name, known);
    return known;
  }

  /** What a party has before the story. */
  grant(name: string, amount: bigint, token?: string): void {
    const list = this.blocks.get(1) ?? [];
    this.blocks.set(1, list);
    const to = this.party(name);
    const of = token === undefined ? undefined : this.party(token);
    const call = `grant-${list.length}`;
    const move = { from: undefined, to, token: of, amount, label: undefined };
    list.push({ name: call, txid: `0x${digest(`${this.#seed}/${call}`)}`, payer: to, fee: 0n, moves: [move] });
  }

  /** A transaction whose payer is the first sender. Moves are `[label, from, to, amount, token?]`. */
  call(name: string, ...moves: readonly (readonly [string, string, string, bigint, string?])[]): void {
    const list = this.blocks.get(this.height) ?? [];
    this.blocks.set(this.height, list);
    const payer = this.party(moves[0]?.[1] ?? "nobody");
    const plain = moves.length === 1 && moves[0]?.[4] === undefined;
    list.push({
      name,
      txid: `0x${digest(`${this.#seed}/${name}`)}`,
      payer,
      fee: (plain ? 21_000n : 65_000n * BigInt(moves.length)) * GAS_PRICE,
      moves: moves.map(([label, from, to, amount, token]) => ({
        label,
        from: this.party(from),
        to: this.party(to),
        token: token === undefined ? undefined : this.party(token),
        amount,
        ...(token === undefined && this.party(from) !== payer ? { internal: true } : {}),
      })),
    });
  }

  /** The victim has so much and is robbed of it, in one transfer. */
  theft(amount: bigint, name = "theft", thief = "thief", victim = "victim"): void {
    this.grant(victim, amount + FLOAT);
    this.grant(thief, FLOAT);
    this.call(name, [name, victim, thief, amount]);
  }

  next(blocks = 1): void {
    this.height += blocks;
  }
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

type Teller = (telling: Telling) => void;

function peel(hops: number): Teller {
  return (telling) => {
    let left = 80n * ETH;
    telling.theft(left);
    let holder = "thief";
    for (let hop = 1; hop <= hops; hop += 1) {
      telling.next();
      const peeled = 2n * ETH + BigInt(hop);
      left -= peeled + 10n * MILLI;
      telling.call(`peel-${hop}`, [`peel-${hop}`, holder, `deposit-${hop}`, peeled]);
      telling.call(`pass-${hop}`, [`rest-${hop}`, holder, `hop-${hop}`, left]);
      holder = `hop-${hop}`;
    }
  };
}

function consolidation(telling: Telling): void {
  telling.theft(50n * ETH);
  telling.next();
  for (let part = 0; part < 5; part += 1) {
    telling.call(`split-${part}`, [`part-${part}`, "thief", `parked-${part}`, 10n * ETH]);
  }
  telling.next();
  for (let part = 0; part < 5; part += 1) {
    telling.call(`merge-${part}`, [`merged-${part}`, `parked-${part}`, "collector", 10n * ETH - 10n * MILLI]);
  }
}

function fanOut(telling: Telling): void {
  telling.theft(100n * ETH);
  telling.next();
  for (let part = 0; part < 50; part += 1) {
    telling.call(`out-${part}`, [`part-${part}`, "thief", `mule-${part}`, 2n * ETH]);
  }
}

function fanIn(telling: Telling): void {
  for (let victim = 0; victim < 30; victim += 1) {
    telling.grant(`victim-${victim}`, 10n * ETH);
    telling.call(`theft-${victim}`, [`theft-${victim}`, `victim-${victim}`, "thief", 9n * ETH + BigInt(victim)]);
  }
  telling.next();
  telling.call("move", ["gathered", "thief", "collector", 260n * ETH]);
}

function roundAmounts(telling: Telling): void {
  telling.theft(41_234_567_890_123_456_789n);
  for (const [step, amount] of [10n * ETH, 5n * ETH, ETH].entries()) {
    telling.next();
    telling.call(`pay-${step}`, [`round-${step}`, "thief", `shop-${step}`, amount]);
  }
}

function dormant(telling: Telling): void {
  telling.theft(30n * ETH);
  telling.next(300);
  telling.call("wake", ["woken", "thief", "deposit", 30n * ETH]);
}

function commingle(telling: Telling): void {
  telling.theft(30n * ETH, "theft-a", "thief-a", "victim-a");
  telling.theft(20n * ETH, "theft-b", "thief-b", "victim-b");
  telling.next();
  telling.call("meet-a", ["meet-a", "thief-a", "joint", 30n * ETH]);
  telling.call("meet-b", ["meet-b", "thief-b", "joint", 20n * ETH]);
  telling.next();
  telling.call("large", ["large", "joint", "onward", 40n * ETH]);
  telling.call("small", ["small", "joint", "deposit", 9n * ETH]);
}

/** The deposit account is swept together with nine others; the hot account pays a customer. */
function exchangeDeposit(telling: Telling): void {
  telling.theft(20n * ETH);
  for (let user = 0; user < 9; user += 1) telling.grant(`customer-deposit-${user}`, 5n * ETH);
  telling.next();
  telling.call("pay-in", ["deposit", "thief", "deposit", 20n * ETH]);
  telling.next();
  telling.call("sweep", ["hot", "deposit", "hot", 20n * ETH - 10n * MILLI]);
  for (let user = 0; user < 9; user += 1) {
    telling.call(`sweep-${user}`, [`swept-${user}`, `customer-deposit-${user}`, "hot", 4n * ETH]);
  }
  telling.next();
  telling.call("pay-out", ["payout", "hot", "customer", 10n * ETH]);
}

/** Native for a token, and the token for another, against a pool's contract: both legs in one transaction each. */
function swap(telling: Telling): void {
  telling.theft(30n * ETH);
  telling.grant("pool", 1_000n * ETH);
  telling.grant("pool", 10_000_000n * ETH, "token-a");
  telling.grant("pool", 10_000_000n * ETH, "token-b");
  telling.next();
  telling.call("swap", ["sold", "thief", "pool", 30n * ETH], ["bought", "pool", "thief", 60_000n * ETH, "token-a"]);
  telling.next();
  telling.call(
    "swap-again",
    ["sold-again", "thief", "pool", 60_000n * ETH, "token-a"],
    ["bought-again", "pool", "thief", 59_800n * ETH, "token-b"],
  );
  telling.next();
  telling.call(
    "swap-back",
    ["sold-back", "thief", "pool", 20_000n * ETH, "token-b"],
    ["bought-back", "pool", "thief", 9n * ETH],
  );
}

function splitPayment(telling: Telling): void {
  telling.theft(60n * ETH);
  for (let part = 0; part < 4; part += 1) {
    telling.next();
    telling.call(`pay-${part}`, [`part-${part}`, "thief", "receiver", 10n * ETH]);
  }
}

function selfTransfer(telling: Telling): void {
  telling.theft(40n * ETH);
  telling.next();
  telling.call("move-0", ["moved-0", "thief", "own", 40n * ETH]);
  telling.next();
  telling.call("move-1", ["moved-1", "own", "thief", 39n * ETH]);
  telling.next();
  telling.call("move-2", ["moved-2", "thief", "thief", 39n * ETH]);
}

function reorg(depth: number): Teller {
  return (telling) => {
    telling.theft(40n * ETH);
    telling.next();
    const before = [...telling.blocks];
    telling.call("stale-move", ["stale", "thief", "mixer", 40n * ETH]);
    const stale = new Map(telling.blocks);
    telling.blocks.clear();
    for (const [height, list] of before) telling.blocks.set(height, list);
    telling.call("move", ["moved", "thief", "deposit", 40n * ETH]);
    telling.fork = { height: telling.height, depth, stale };
    telling.next(depth);
  };
}

const TELLERS = {
  "peel-3": peel(3),
  "peel-20": peel(20),
  consolidation,
  "fan-out": fanOut,
  "fan-in": fanIn,
  "round-amounts": roundAmounts,
  dormant,
  commingle,
  "exchange-deposit": exchangeDeposit,
  swap,
  "reorg-2": reorg(2),
  "reorg-6": reorg(6),
  "split-payment": splitPayment,
  "self-transfer": selfTransfer,
} as const satisfies Readonly<Record<string, Teller>>;

/** The stories that accounts can tell; a transfers file has no branches, so that `reorg-…` is told by EVM blocks only. */
export type AccountStoryName = keyof typeof TELLERS;
export const accountStoryNames = Object.keys(TELLERS) as readonly AccountStoryName[];

/** The story of a name. */
export function accountStory(name: AccountStoryName, seed: string): AccountStory {
  const telling = new Telling(seed);
  TELLERS[name](telling);
  const { blocks, parties, fork, height } = telling;
  return { blocks, parties, fork, lastHeight: height };
}
