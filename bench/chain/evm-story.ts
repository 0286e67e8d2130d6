import type { AccountStory, PlannedCall } from "./account-stories.ts";
import { evmBlock, madeUpHash, type EvmBlock, type EvmCall, type EvmTransaction } from "./evm-block.ts";
import { erc20Transfer, ZERO } from "./evm-logs.ts";

export type { EvmBlock } from "./evm-block.ts";

/** A story as EVM blocks, in the order in which they arrive; which of them are given up; named transfers. */
export type EvmTale = {
  readonly blocks: readonly EvmBlock[];
  readonly stale: readonly string[];
  readonly names: ReadonlyMap<string, string>;
};

const START = 1_600_000_000;
const GAS_PRICE = 20_000_000_000n;

/**
 * Tells a story by EVM blocks from block 0 on. What the parties have in the beginning is, as on a test node, allotted by
 * block 0 and moved by no transaction (native), or minted in block 1 (tokens).
 */
export function evmStory(story: AccountStory, seed: string | number): EvmTale {
  const names = new Map<string, string>();
  const { fork, lastHeight } = story;
  const given: EvmBlock[] = [];
  if (fork !== undefined) {
    const end = { from: 0, to: fork.height + fork.depth - 1 };
    given.push(...branch(fork.stale, end, { parent: ZERO_HASH, salt: String(seed), names }));
  }
  const shared = fork?.height ?? 0;
  const parent = given[shared - 1]?.hash ?? ZERO_HASH;
  const salt = fork === undefined ? String(seed) : `${seed}/won`;
  const kept = branch(story.blocks, { from: shared, to: lastHeight + 2 }, { parent, salt, names });
  return { blocks: [...given, ...kept], stale: given.slice(shared).map(({ hash }) => hash), names };
}

const ZERO_HASH = `0x${"0".repeat(64)}`;

type Branch = { readonly parent: string; readonly salt: string; readonly names: Map<string, string> };

function branch(
  plan: AccountStory["blocks"],
  { from, to }: { readonly from: number; readonly to: number },
  { parent, salt, names }: Branch,
): readonly EvmBlock[] {
  const blocks: EvmBlock[] = [];
  let before = parent;
  for (let number = from; number <= to; number += 1) {
    const calls = (plan.get(number) ?? []).filter((call) => call.moves.some((move) => !isAllotted(move)));
    const transactions = calls.map((call, nonce) => transaction(call, nonce, names));
    const made = evmBlock({ number, parent: before, time: START + number * 12, transactions, withdrawals: [], salt });
    blocks.push(made);
    before = made.hash;
  }
  return blocks;
}

const isAllotted = ({ from, token }: PlannedCall["moves"][number]): boolean =>
  from === undefined && token === undefined;

/** The fee is a transfer's position 0, then value, then calls within, then tokens; a story has one of each at most. */
function transaction(
  { name, txid, payer, fee, moves }: PlannedCall,
  nonce: number,
  names: Map<string, string>,
): EvmTransaction {
  const native = moves.filter(({ token }) => token === undefined);
  const outer = native.find(({ internal }) => internal !== true);
  const inner = native.filter(({ internal }) => internal === true);
  const tokens = moves.filter(({ token }) => token !== undefined);
  const contract = tokens.length > 0 ? madeUpHash("router", payer).slice(0, 42) : (moves[0]?.to ?? ZERO);
  const call: EvmCall = {
    type: "CALL",
    from: payer,
    to: outer?.to ?? contract,
    value: outer?.amount ?? 0n,
    ...(tokens.length > 0 ? { input: madeUpHash(name).slice(0, 10) } : {}),
    calls: inner.map(({ from = ZERO, to = ZERO, amount }) => ({ type: "CALL", from, to, value: amount })),
  };
  for (const [at, { label }] of [...native.toSorted(byInternal), ...tokens].entries()) {
    if (label !== undefined) names.set(label, `${txid}:${at + 1}`);
  }
  const logs = tokens.map(({ token = ZERO, from = ZERO, to = ZERO, amount }) => erc20Transfer(token, from, to, amount));
  const gasUsed = fee > 0n ? fee / GAS_PRICE : 50_000n;
  return { hash: txid, nonce, call, logs, gasUsed, gasPrice: GAS_PRICE, type: 2 };
}

type Move = PlannedCall["moves"][number];
const byInternal = (left: Move, right: Move): number =>
  Number(left.internal === true) - Number(right.internal === true);
