import { party, type Party, type Plan, type PlannedOutput, type PlannedTransaction } from "./planned.ts";
import { COINBASE_MATURITY } from "./utxo.ts";

/** Satoshi of a bitcoin. */
const BTC = 100_000_000;
/** What every transaction of a story pays. */
const FEE = 10_000;
/** The first height at which the grants of block 1 can be spent. */
const FIRST_HEIGHT = COINBASE_MATURITY + 1;

/** A story's chain: its plan, what its parts are called, and for a reorganisation the other branch. */
export type UtxoStory = {
  readonly plan: Plan;
  /** By name: an output as `TRANSACTION:VOUT`, its transaction by the plan's name. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly parties: ReadonlyMap<string, Party>;
  /** The plan of the branch that is given up, which differs from `fork.height` on for so many blocks. */
  readonly fork: { readonly height: number; readonly depth: number; readonly stale: Plan } | undefined;
  readonly lastHeight: number;
};

/** Tells a story: who has what, who pays whom in which block. */
class Telling {
  readonly outputs = new Map<string, string>();
  readonly parties = new Map<string, Party>();
  readonly grants: PlannedOutput[] = [];
  readonly blocks = new Map<number, PlannedTransaction[]>();
  height = FIRST_HEIGHT;
  fork: UtxoStory["fork"];
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  party(name: string, form: Party["form"] = "witnessKey"): Party {
    const known = this.parties.get(name) ?? party(this.#seed, name, form);
    this.parties.set(name, known);
    return known;
  }

  /** Money from before the story; returns its reference. */
  grant(name: string, value: number): string {
    this.grants.push({ to: this.party(name, "keyHash"), value });
    return `grant:${this.grants.length - 1}`;
  }

  /** A transaction in the block at hand. Outputs are `[party, value]`; what is named before `=` gets a name. */
  pay(name: string, inputs: readonly string[], outputs: readonly (readonly [string, number])[]): void {
    const list = this.blocks.get(this.height) ?? [];
    this.blocks.set(this.height, list);
    const planned = outputs.map(([text, value], index): PlannedOutput => {
      const [label = "", owner = label] = text.split("=");
      if (text.includes("=")) this.outputs.set(label, `${name}:${index}`);
      return { to: this.party(owner), value };
    });
    list.push({ name, inputs, outputs: planned });
  }

  /** The victim's 10 BTC, of which the thief takes some; the rest goes back. Returns the thief's output. */
  theft(value: number, name = "theft", thief = "thief", victim = "victim"): string {
    const coins = this.grant(victim, 10 * BTC);
    this.pay(
      name,
      [coins],
      [
        [`${name}=${thief}`, value],
        [`${victim}-change=${victim}`, 10 * BTC - value - FEE],
      ],
    );
    return `${name}:0`;
  }

  next(blocks = 1): void {
    this.height += blocks;
  }

  story(): UtxoStory {
    const { outputs, parties, grants, blocks, fork, height } = this;
    return { plan: { grants, blocks }, outputs, parties, fork, lastHeight: height };
  }
}

type Teller = (telling: Telling) => void;

/** Each hop pays an exchange's deposit address a twentieth and passes the rest on. */
function peel(hops: number): Teller {
  return (telling) => {
    let left = 8 * BTC;
    let coin = telling.theft(left);
    for (let hop = 1; hop <= hops; hop += 1) {
      telling.next();
      const peeled = 20_000_000 + hop * 1_000;
      left -= peeled + FEE;
      telling.pay(
        `peel-${hop}`,
        [coin],
        [
          [`peel-${hop}=deposit-${hop}`, peeled],
          [`rest-${hop}=hop-${hop}`, left],
        ],
      );
      coin = `peel-${hop}:1`;
    }
    telling.outputs.set("rest", coin);
  };
}

/** Five users, the thief among them, get 1 BTC each; change goes to new addresses of their own. */
function coinjoin(telling: Telling): void {
  const coins = [telling.theft(150_000_000)];
  for (let user = 1; user < 5; user += 1) coins.push(telling.grant(`user-${user}`, 150_000_000 + user * 1_000_000));
  telling.next();
  const changes = coins.map((_, user) => 50_000_000 + user * 1_000_000 - FEE / 5);
  telling.pay("mix", coins, [
    ...[3, 0, 4, 2, 1].map((user) => [`equal-${user}=mixed-${user}`, BTC] as const),
    ...changes.map((value, user) => [`change-${user}=change-${user}`, value] as const),
  ]);
}

function consolidation(telling: Telling): void {
  const coin = telling.theft(5 * BTC);
  telling.next();
  const parts = Array.from({ length: 5 }, (_, part) => [`part-${part}=parked-${part}`, BTC - FEE / 5] as const);
  telling.pay("split", [coin], parts);
  telling.next();
  const total = 5 * (BTC - FEE / 5);
  telling.pay(
    "merge",
    parts.map((_, part) => `split:${part}`),
    [["merged=collector", total - FEE]],
  );
}

function fanOut(telling: Telling): void {
  const coin = telling.theft(5 * BTC);
  telling.next();
  const parts = Array.from({ length: 50 }, (_, part) => [`part-${part}=mule-${part}`, BTC / 10 - FEE / 50] as const);
  telling.pay("fan-out", [coin], parts);
}

/** Thirty victims pay one address each; the thief gathers all of it. */
function fanIn(telling: Telling): void {
  const coins: string[] = [];
  for (let victim = 0; victim < 30; victim += 1) {
    const coin = telling.grant(`victim-${victim}`, BTC + victim);
    telling.pay(`theft-${victim}`, [coin], [[`theft-${victim}=address-${victim}`, BTC + victim - FEE]]);
    coins.push(`theft-${victim}:0`);
  }
  telling.next();
  const total = coins.reduce((sum, _, victim) => sum + BTC + victim - FEE, 0);
  telling.pay("fan-in", coins, [["gathered=thief", total - FEE]]);
}

/** Payments of round amounts, so that the change is the output that is not round. */
function roundAmounts(telling: Telling): void {
  let left = 412_345_678;
  let coin = telling.theft(left);
  for (const [step, amount] of [BTC, 50_000_000, 10_000_000].entries()) {
    telling.next();
    left -= amount + FEE;
    telling.pay(
      `pay-${step}`,
      [coin],
      [
        [`round-${step}=shop-${step}`, amount],
        [`change-${step}=own-${step}`, left],
      ],
    );
    coin = `pay-${step}:1`;
  }
}

function dormant(telling: Telling): void {
  const coin = telling.theft(3 * BTC);
  telling.next(300);
  telling.pay("wake", [coin], [["woken=deposit", 3 * BTC - FEE]]);
}

/** Two thefts from two victims meet in one transaction with two outputs. */
function commingle(telling: Telling): void {
  const first = telling.theft(3 * BTC, "theft-a", "thief-a", "victim-a");
  const second = telling.theft(2 * BTC, "theft-b", "thief-b", "victim-b");
  telling.next();
  telling.pay(
    "meet",
    [first, second],
    [
      ["large=joint", 4 * BTC],
      ["small=deposit", BTC - FEE],
    ],
  );
}

/** The thief pays into a deposit address; a sweep takes it with nine others to the hot wallet, which pays somebody. */
function exchangeDeposit(telling: Telling): void {
  const coin = telling.theft(2 * BTC);
  const others = Array.from({ length: 9 }, (_, user) => telling.grant(`customer-${user}`, BTC / 2 + user));
  telling.next();
  telling.pay("pay-in", [coin], [["deposit=deposit", 2 * BTC - FEE]]);
  telling.next();
  const total = 2 * BTC - FEE + others.reduce((sum, _, user) => sum + BTC / 2 + user, 0);
  telling.pay("sweep", ["pay-in:0", ...others], [["hot=hot", total - FEE]]);
  telling.next();
  const left = total - 2 * FEE - BTC;
  telling.pay(
    "pay-out",
    ["sweep:0"],
    [
      ["payout=customer", BTC],
      ["hot-change=hot", left],
    ],
  );
}

/** The thief pays one receiver what is due in four parts, a block apart. */
function splitPayment(telling: Telling): void {
  let left = 6 * BTC;
  let coin = telling.theft(left);
  for (let part = 0; part < 4; part += 1) {
    telling.next();
    left -= BTC + FEE;
    telling.pay(
      `pay-${part}`,
      [coin],
      [
        [`part-${part}=receiver`, BTC],
        [`rest-${part}=own-${part}`, left],
      ],
    );
    coin = `pay-${part}:1`;
  }
}

/** To an address of one's own, back to the one before, and to itself. */
function selfTransfer(telling: Telling): void {
  let left = 4 * BTC;
  let coin = telling.theft(left);
  for (const [step, owner] of ["own", "thief", "thief"].entries()) {
    telling.next();
    left -= FEE;
    telling.pay(`move-${step}`, [coin], [[`moved-${step}=${owner}`, left]]);
    coin = `move-${step}:0`;
  }
}

/** The stolen money goes to a mixer, but on the branch that wins to an exchange. */
function reorg(depth: number): Teller {
  return (telling) => {
    const coin = telling.theft(4 * BTC);
    telling.next();
    const before = new Map(telling.blocks);
    telling.pay("stale-move", [coin], [["stale=mixer", 4 * BTC - FEE]]);
    const stale = { grants: telling.grants, blocks: new Map(telling.blocks) };
    telling.blocks.clear();
    for (const [height, list] of before) telling.blocks.set(height, list);
    telling.pay("move", [coin], [["moved=deposit", 4 * BTC - FEE]]);
    telling.fork = { height: telling.height, depth, stale };
    telling.next(depth);
  };
}

const TELLERS = {
  "peel-3": peel(3),
  "peel-20": peel(20),
  coinjoin,
  consolidation,
  "fan-out": fanOut,
  "fan-in": fanIn,
  "round-amounts": roundAmounts,
  dormant,
  commingle,
  "exchange-deposit": exchangeDeposit,
  "reorg-2": reorg(2),
  "reorg-6": reorg(6),
  "split-payment": splitPayment,
  "self-transfer": selfTransfer,
} as const satisfies Readonly<Record<string, Teller>>;

/** The stories that outputs and spends can tell. */
export type UtxoStoryName = keyof typeof TELLERS;
export const utxoStoryNames = Object.keys(TELLERS) as readonly UtxoStoryName[];

/** The story of a name. */
export function utxoStory(name: UtxoStoryName, seed: string): UtxoStory {
  const telling = new Telling(seed);
  TELLERS[name](telling);
  return telling.story();
}
