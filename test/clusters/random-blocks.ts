/** Random chains of outputs for clusters: wallets that spend together, CoinJoins, outputs from before the ledger. */
import { createHash } from "node:crypto";
import { chain } from "../../src/base/chains.ts";
import { ownerKinds, type UtxoBlock } from "../../src/chains/block.ts";

export type PlainOutput = { readonly value: bigint; readonly kind: number; readonly name: number };
export type PlainTransaction = {
  readonly id: Uint8Array;
  readonly inputs: readonly { readonly id: Uint8Array; readonly index: number }[];
  readonly outputs: readonly PlainOutput[];
};
export type PlainBlock = {
  readonly height: number;
  readonly hash: Uint8Array;
  readonly parent: Uint8Array;
  readonly transactions: readonly PlainTransaction[];
};

export const hashOf = (text: string): Uint8Array => new Uint8Array(createHash("sha256").update(text).digest());

type Random = (below: number) => number;
type Unspent = { readonly id: Uint8Array; readonly index: number; readonly value: bigint };

/** Blocks that follow others; `branch` makes another continuation of the same chain. */
export function moreBlocks(
  before: readonly PlainBlock[],
  options: { readonly count: number; readonly branch: string; readonly random: Random; readonly owners: number },
): readonly PlainBlock[] {
  const { random } = options;
  const blocks = [...before];
  for (let added = 0; added < options.count; added += 1) {
    const unspent = unspentOf(blocks);
    const height = blocks.length;
    const transactions: PlainTransaction[] = [];
    for (let number = 0; number <= random(5); number += 1) {
      const id = hashOf(`${options.branch} ${height} ${number}`);
      const inputs = number === 0 ? [{ id: new Uint8Array(32), index: 0xffff_ffff }] : taken(random, unspent);
      if (inputs.length === 0) continue;
      const transaction = { id, inputs, outputs: paid(random, inputs.length, options.owners) };
      transactions.push(transaction);
      addOutputs(unspent, transaction);
    }
    const parent = blocks.at(-1)?.hash ?? new Uint8Array(32);
    blocks.push({ height, hash: hashOf(`block ${options.branch} ${height}`), parent, transactions });
  }
  return blocks;
}

function unspentOf(blocks: readonly PlainBlock[]): Unspent[] {
  const spent = new Set<string>();
  const unspent: Unspent[] = [];
  for (const transaction of blocks.flatMap(({ transactions }) => transactions)) {
    for (const { id, index } of transaction.inputs) spent.add(`${Buffer.from(id).toString("hex")}:${index}`);
    addOutputs(unspent, transaction);
  }
  return unspent.filter(({ id, index }) => !spent.has(`${Buffer.from(id).toString("hex")}:${index}`));
}

function addOutputs(unspent: Unspent[], { id, outputs }: PlainTransaction): void {
  for (const [index, { value, kind }] of outputs.entries()) {
    if (kind !== ownerKinds.none) unspent.push({ id, index, value });
  }
}

function taken(random: Random, unspent: Unspent[]): PlainTransaction["inputs"] {
  const inputs: { id: Uint8Array; index: number }[] = [];
  for (let count = random(6) === 0 ? 5 : 1 + random(3); count > 0; count -= 1) {
    if (random(15) === 0) {
      inputs.push({ id: hashOf(`before ${random(1_000_000)}`), index: random(3) });
      continue;
    }
    const [one] = unspent.splice(random(unspent.length), 1);
    if (one !== undefined) inputs.push({ id: one.id, index: one.index });
  }
  return inputs;
}

/** Amounts mean nothing here but to the rules: round ones, equal ones, pool's ones. */
function paid(random: Random, inputs: number, owners: number): readonly PlainOutput[] {
  const kinds = [ownerKinds.key, ownerKinds.script, ownerKinds.witnessKey, ownerKinds.witnessKey, ownerKinds.taproot];
  const output = (value: bigint): PlainOutput => ({
    value,
    kind: random(25) === 0 ? ownerKinds.none : (kinds[random(kinds.length)] ?? ownerKinds.key),
    name: random(owners),
  });
  const equal = random(4) === 0 ? BigInt(20_000 + random(3)) : undefined;
  const count = random(5) === 0 ? inputs * 2 : 1 + random(4);
  return Array.from({ length: count }, (_, index) => {
    if (equal !== undefined && index < inputs) return output(equal);
    return output(random(5) === 0 ? 100_000n * BigInt(random(9)) : BigInt(1 + random(90_000)));
  });
}

/** The block as a decoder gives it. */
export function columnar({ height, hash, parent, transactions }: PlainBlock): UtxoBlock {
  const inputs = transactions.flatMap((one) => one.inputs);
  const outputs = transactions.flatMap((one) => one.outputs);
  const starts = (sizes: readonly number[]): Uint32Array =>
    Uint32Array.from([0, ...sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0))]);
  return {
    model: "utxo",
    chain: chain("bitcoin").id,
    hash,
    parent,
    height,
    time: 1_600_000_000 + height * 600,
    transactionCount: transactions.length,
    txids: joined(transactions.map(({ id }) => id)),
    inputStart: starts(transactions.map((one) => one.inputs.length)),
    outputStart: starts(transactions.map((one) => one.outputs.length)),
    spentTxids: joined(inputs.map(({ id }) => id)),
    spentIndexes: Uint32Array.from(inputs.map(({ index }) => index)),
    spent: undefined,
    values: BigUint64Array.from(outputs.map(({ value }) => value)),
    owners: {
      kinds: Uint8Array.from(outputs.map(({ kind }) => kind)),
      identities: joined(outputs.map(identityOf)),
    },
  };
}

export function identityOf({ kind, name }: PlainOutput): Uint8Array {
  const identity = new Uint8Array(32);
  if (kind !== ownerKinds.none) identity.set(hashOf(`owner ${name}`).subarray(0, kind <= 3 ? 20 : 32));
  return identity;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
