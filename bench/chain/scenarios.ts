import { accountStory, accountStoryNames, type AccountStoryName } from "./account-stories.ts";
import type { RawBlock } from "./assemble.ts";
import { evmStory, type EvmBlock } from "./evm-story.ts";
import { TransfersChain } from "./transfers.ts";
import { UtxoChain, printedBlockHash, type UtxoOptions } from "./utxo.ts";
import { utxoStory, utxoStoryNames, type UtxoStory, type UtxoStoryName } from "./utxo-stories.ts";

/** The scenarios of each model. A transfers file has no branches, so `reorg-…` is not among its own. */
export type UtxoScenarioName = UtxoStoryName;
export type EvmScenarioName = AccountStoryName;
export type TransfersScenarioName = Exclude<AccountStoryName, `reorg-${string}`>;

const isOfOneBranch = (name: AccountStoryName): name is TransfersScenarioName => !name.startsWith("reorg-");

/** Every scenario's name, by model. */
export const scenarioNames = {
  utxo: utxoStoryNames,
  evm: accountStoryNames,
  transfers: accountStoryNames.filter(isOfOneBranch),
} as const;

/**
 * What a scenario's parts are called.
 *
 * `names`: outputs `TXID:VOUT`, transfers `TXID:INDEX`, as a user writes an origin. `txids`: transactions. `addresses`:
 * who takes part. What a name means is told by the scenario's story in `utxo-stories.ts` and `account-stories.ts`.
 */
export type ScenarioNames = {
  readonly names: Readonly<Record<string, string>>;
  readonly txids: Readonly<Record<string, string>>;
  readonly addresses: Readonly<Record<string, string>>;
};

export type UtxoScenario = ScenarioNames & {
  readonly model: "utxo";
  /** In the order in which they arrive: a branch that is given up comes before the longer one that wins. */
  readonly blocks: readonly RawBlock[];
  /** Hashes of blocks that are no longer part of the chain at its end. */
  readonly stale: readonly string[];
};

export type TransfersScenario = ScenarioNames & {
  readonly model: "transfers";
  /** The file, CSV. */
  readonly file: Buffer;
};

export type EvmScenario = ScenarioNames & {
  readonly model: "evm";
  readonly blocks: readonly EvmBlock[];
  readonly stale: readonly string[];
};

/** Where a scenario is told. */
export type ScenarioOptions<Model extends "utxo" | "transfers" | "evm"> = {
  readonly model: Model;
  readonly seed: string | number;
  /** About so many random transactions around it (UTXO and transfers); none where not given. */
  readonly transactions?: number;
};

/**
 * A chain that holds a scenario, alone or among random transactions that never touch its money; and what its parts are
 * called. The same name and options give the same bytes.
 *
 * @example scenario("peel-3", { model: "utxo", seed: 1 }).names["theft"] // => "…:0"
 */
export function scenario(name: UtxoScenarioName, options: ScenarioOptions<"utxo">): UtxoScenario;
export function scenario(name: TransfersScenarioName, options: ScenarioOptions<"transfers">): TransfersScenario;
export function scenario(name: EvmScenarioName, options: ScenarioOptions<"evm">): EvmScenario;
export function scenario(
  name: UtxoScenarioName | AccountStoryName,
  options: ScenarioOptions<"utxo" | "transfers" | "evm">,
): UtxoScenario | TransfersScenario | EvmScenario {
  const { model } = options;
  const known: readonly string[] = scenarioNames[model];
  if (!known.includes(name)) throw new Error(`scenario: the model ${model} has no "${name}"`);
  if (model === "utxo") return utxoScenario(name as UtxoScenarioName, options);
  return model === "evm"
    ? evmScenario(name as EvmScenarioName, options.seed)
    : transfersScenario(name as TransfersScenarioName, options);
}

type Around = { readonly seed: string | number; readonly transactions?: number };

function utxoScenario(name: UtxoScenarioName, { seed, transactions = 0 }: Around): UtxoScenario {
  const story = utxoStory(name, String(seed));
  const last = story.lastHeight + 3;
  const base: UtxoOptions = {
    seed,
    transactions: Number.POSITIVE_INFINITY,
    transactionsPerBlock: Math.ceil(transactions / (last - 100)),
    liveMax: Math.max(4_096, Math.min(1 << 20, transactions * 4)),
    plan: story.plan,
  };
  const { fork } = story;
  if (fork === undefined) {
    const chain = new UtxoChain({ ...base, blocks: last + 1 });
    const blocks = [...chain.blocks()];
    return { model: "utxo", blocks, stale: [], ...utxoNames(story, chain.plannedTxids()) };
  }
  const left = new UtxoChain({ ...base, plan: fork.stale, blocks: fork.height + fork.depth });
  const given = [...left.blocks()];
  const won = new UtxoChain({ ...base, blocks: last + 1, fork: { height: fork.height, salt: "won" } });
  const kept = [...won.blocks()].filter((block) => block.height >= fork.height);
  const txids = new Map([...left.plannedTxids(), ...won.plannedTxids()]);
  const stale = given.filter(({ height }) => height >= fork.height).map(printedBlockHash);
  return { model: "utxo", blocks: [...given, ...kept], stale, ...utxoNames(story, txids) };
}

function utxoNames(story: UtxoStory, txids: ReadonlyMap<string, string>): ScenarioNames {
  const names = [...story.outputs].map(([label, reference]) => {
    const [transaction = "", index = ""] = reference.split(":");
    const txid = txids.get(transaction);
    if (txid === undefined) throw new Error(`scenario: ${label} is in no block`);
    return [label, `${txid}:${index}`] as const;
  });
  const addresses = [...story.parties].map(([name, { address }]) => [name, address] as const);
  return {
    names: Object.fromEntries(names),
    txids: Object.fromEntries(txids),
    addresses: Object.fromEntries(addresses),
  };
}

function transfersScenario(name: TransfersScenarioName, { seed, transactions = 0 }: Around): TransfersScenario {
  const story = accountStory(name, String(seed));
  const blocks = story.lastHeight + 2;
  const chain = new TransfersChain({
    seed,
    transactions: Number.POSITIVE_INFINITY,
    transactionsPerBlock: Math.ceil(transactions / blocks),
    liveMax: Math.max(4_096, Math.min(1 << 20, transactions * 2)),
    blocks,
    plan: story.blocks,
  });
  const file = Buffer.concat([...chain.chunks()]);
  const calls = [...story.blocks.values()].flat();
  return {
    model: "transfers",
    file,
    names: Object.fromEntries(chain.plannedReferences()),
    txids: Object.fromEntries(calls.map(({ name: call, txid }) => [call, txid])),
    addresses: Object.fromEntries(story.parties),
  };
}

function evmScenario(name: EvmScenarioName, seed: string | number): EvmScenario {
  const story = accountStory(name, String(seed));
  const { blocks, stale, names } = evmStory(story, seed);
  const calls = [...story.blocks.values(), ...(story.fork?.stale.values() ?? [])].flat();
  return {
    model: "evm",
    blocks,
    stale,
    names: Object.fromEntries(names),
    txids: Object.fromEntries(calls.map(({ name: call, txid }) => [call, txid])),
    addresses: Object.fromEntries(story.parties),
  };
}
