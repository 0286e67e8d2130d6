/** Random chains as decoders would give them, small and full of corner cases, from a seed. */
import { createHash } from "node:crypto";
import { parseAssetId } from "../../src/base/caip.ts";
import { chain } from "../../src/base/chains.ts";
import { ownerKinds, type AccountBlock, type Transfer, type UtxoBlock } from "../../src/chains/block.ts";

/** Mulberry32 (T. Ettinger, public domain): enough for tests. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const hashOf = (text: string): Uint8Array => new Uint8Array(createHash("sha256").update(text).digest());

type Unspent = { readonly id: Uint8Array; readonly index: number; readonly value: bigint };
type Output = { readonly value: bigint; readonly kind: number; readonly identity: Uint8Array };
type Input = { readonly id: Uint8Array; readonly index: number };

/** A chain of outputs; with `fork`, blocks from that height on differ from those of another fork number. */
export function utxoChain(options: {
  readonly seed: number;
  readonly blocks: number;
  readonly transactionsMax: number;
  readonly fork?: { readonly height: number; readonly name: number };
}): readonly UtxoBlock[] {
  const bitcoin = chain("bitcoin").id;
  let random = randomOf(options.seed);
  const unspent: Unspent[] = [];
  const blocks: UtxoBlock[] = [];
  let parent: Uint8Array = new Uint8Array(32);
  for (let height = 0; height < options.blocks; height += 1) {
    const branch = options.fork !== undefined && height >= options.fork.height ? options.fork.name : 0;
    if (height === options.fork?.height) random = randomOf(options.seed * 31 + branch);
    const transactions: { id: Uint8Array; inputs: Input[]; outputs: Output[] }[] = [];
    for (let number = 0; number <= random(options.transactionsMax + 1); number += 1) {
      const id = hashOf(`${options.seed} ${height} ${branch} ${number}`);
      const { inputs, value } = takeInputs(random, unspent, number === 0);
      const outputs = payOut(random, value);
      transactions.push({ id, inputs, outputs });
      for (const [index, output] of outputs.entries()) {
        if (output.kind !== ownerKinds.none) unspent.push({ id, index, value: output.value });
      }
    }
    const hash = hashOf(`block ${options.seed} ${height} ${branch}`);
    blocks.push(
      columnar(
        { chain: bitcoin, hash, parent, height, time: 1_300_000_000 + height * 600 + random(600) },
        transactions,
      ),
    );
    parent = hash;
  }
  return blocks;
}

function takeInputs(
  random: (below: number) => number,
  unspent: Unspent[],
  isCoinbase: boolean,
): { inputs: Input[]; value: bigint } {
  if (isCoinbase) return { inputs: [{ id: new Uint8Array(32), index: 0xffff_ffff }], value: 5_000_000_000n };
  const inputs: Input[] = [];
  let value = 0n;
  for (let count = 1 + random(3); count > 0; count -= 1) {
    if (unspent.length === 0 || random(12) === 0) {
      // An output from before the ledger begins.
      inputs.push({ id: hashOf(`before ${random(1_000_000)} ${random(1_000_000)}`), index: random(4) });
      value += 1_000n;
      continue;
    }
    const [spent] = unspent.splice(random(4) === 0 ? random(unspent.length) : unspent.length - 1, 1);
    if (spent === undefined) continue;
    inputs.push({ id: spent.id, index: spent.index });
    value += spent.value;
  }
  return { inputs, value };
}

function payOut(random: (below: number) => number, value: bigint): Output[] {
  const outputs: Output[] = [];
  let rest = value;
  for (let count = 1 + random(3); count > 0; count -= 1) {
    const part = count === 1 ? rest - (rest > 10n ? 7n : 0n) : (rest * BigInt(random(100))) / 100n;
    rest -= part;
    const kind = random(20) === 0 ? ownerKinds.none : 1 + random(7);
    const identity = new Uint8Array(32);
    identity.set(hashOf(`owner ${random(60)}`).subarray(0, kind <= 3 ? 20 : 32));
    outputs.push({ value: part, kind, identity: kind === ownerKinds.none ? new Uint8Array(32) : identity });
  }
  return outputs;
}

function columnar(
  head: Pick<UtxoBlock, "chain" | "hash" | "parent" | "height" | "time">,
  transactions: readonly {
    readonly id: Uint8Array;
    readonly inputs: readonly Input[];
    readonly outputs: readonly Output[];
  }[],
): UtxoBlock {
  const inputs = transactions.flatMap((transaction) => transaction.inputs);
  const outputs = transactions.flatMap((transaction) => transaction.outputs);
  const starts = (lengths: readonly number[]): Uint32Array => {
    let sum = 0;
    return Uint32Array.from([0, ...lengths.map((length) => (sum += length))]);
  };
  const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
  return {
    model: "utxo",
    ...head,
    transactionCount: transactions.length,
    txids: joined(transactions.map(({ id }) => id)),
    inputStart: starts(transactions.map((transaction) => transaction.inputs.length)),
    outputStart: starts(transactions.map((transaction) => transaction.outputs.length)),
    spentTxids: joined(inputs.map(({ id }) => id)),
    spentIndexes: Uint32Array.from(inputs.map(({ index }) => index)),
    spent: undefined,
    values: BigUint64Array.from(outputs.map(({ value }) => value)),
    owners: {
      kinds: Uint8Array.from(outputs.map(({ kind }) => kind)),
      identities: joined(outputs.map(({ identity }) => identity)),
    },
  };
}

/** A chain of accounts: mints, burns, fees, transfers to oneself, failed transactions, credits, 256-bit amounts. */
export function accountChain(options: {
  readonly seed: number;
  readonly blocks: number;
  readonly transactionsMax: number;
}): readonly AccountBlock[] {
  const ethereum = chain("ethereum");
  const random = randomOf(options.seed);
  const token = parseAssetId("eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7");
  const account = (): string => `0x${Buffer.from(hashOf(`account ${random(40)}`).subarray(0, 20)).toString("hex")}`;
  const blocks: AccountBlock[] = [];
  let parent = `0x${"00".repeat(32)}`;
  for (
    let number = 0, height = 100;
    number < options.blocks;
    number += 1, height += random(5) === 0 ? 1 + random(9) : 1
  ) {
    const transactions = Array.from({ length: random(options.transactionsMax + 1) }, (_, index) => ({
      id:
        random(6) === 0
          ? `odd id ${height}-${index} "ß\u2028`
          : `0x${Buffer.from(hashOf(`tx ${options.seed} ${height} ${index}`)).toString("hex")}`,
      index,
      failed: random(8) === 0,
    }));
    const transfers = transactions.flatMap(({ failed }, transaction): readonly Transfer[] => [
      {
        transaction,
        position: 0,
        kind: "fee",
        asset: ethereum.native,
        from: account(),
        to: undefined,
        amount: BigInt(1 + random(1_000)),
      },
      ...(failed
        ? []
        : Array.from({ length: random(4) }, (_, index): Transfer => {
            const [from, to] = [random(7) === 0 ? undefined : account(), random(7) === 0 ? undefined : account()];
            const amount =
              random(9) === 0
                ? 2n ** 256n - 1n - BigInt(random(9))
                : BigInt(random(1_000_000)) ** BigInt(1 + random(3));
            return {
              transaction,
              position: index + 1,
              kind: random(2) === 0 ? "native" : "token",
              asset: random(2) === 0 ? ethereum.native : token,
              from,
              to,
              amount,
            };
          })),
    ]);
    const credits: readonly Transfer[] =
      random(3) === 0
        ? [
            {
              transaction: -1,
              position: 0,
              kind: "credit",
              asset: ethereum.native,
              from: undefined,
              to: account(),
              amount: 32n,
            },
          ]
        : [];
    const hash = `0x${Buffer.from(hashOf(`block ${options.seed} ${height}`)).toString("hex")}`;
    const isNext = (blocks.at(-1)?.height ?? height - 1) === height - 1;
    blocks.push({
      model: "account",
      chain: ethereum.id,
      hash,
      parent: isNext ? parent : `0x${Buffer.from(hashOf(`gap ${height}`)).toString("hex")}`,
      height,
      time: 1_600_000_000 + height * 12,
      transactions,
      transfers: [...transfers, ...credits],
      internalTransfers: random(4) === 0 ? "unknown" : "known",
    });
    parent = hash;
  }
  return blocks;
}
