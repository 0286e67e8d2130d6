/** Small random chains of outputs for tracing: few owners, small values, so that everything meets everything. */
import { createHash } from "node:crypto";
import { chain } from "../../src/base/chains.ts";
import { ownerText } from "../../src/chains/bitcoin/owner.ts";
import { ownerKinds, type UtxoBlock } from "../../src/chains/block.ts";
import { randomOf } from "../ledger/random-chain.ts";
import type { ModelTransaction } from "../reference/trace-utxo.ts";

export type RandomUtxo = {
  readonly blocks: readonly UtxoBlock[];
  readonly model: readonly ModelTransaction[];
  /** Every output, in chain order. */
  readonly refs: readonly string[];
  readonly addresses: readonly string[];
};

const hashOf = (text: string): Uint8Array => new Uint8Array(createHash("sha256").update(text).digest());
const printed = (id: Uint8Array): string => Buffer.from(id.toReversed()).toString("hex");
const owners = 12;

type Unspent = { readonly id: Uint8Array; readonly index: number; readonly value: bigint };

/**
 * @param options - `unseen`: whether inputs spend outputs from before the chain, with values that are told or not.
 *   `scale`: what values are multiplied by; 2^40 passes what doubles hold.
 */
export function randomUtxo(options: {
  readonly seed: number;
  readonly chain: string;
  readonly blocks: number;
  readonly unseen: "none" | "known" | "unknown" | "mixed";
  readonly scale: bigint;
}): RandomUtxo {
  const { seed, scale } = options;
  const known = chain(options.chain);
  const random = randomOf(seed);
  const unspent: Unspent[] = [];
  const [blocks, model, refs]: [UtxoBlock[], ModelTransaction[], string[]] = [[], [], []];
  let parent: Uint8Array = new Uint8Array(32);
  const identityOf = (owner: number): Uint8Array => {
    const identity = new Uint8Array(32);
    identity.set(hashOf(`owner ${owner}`).subarray(0, 20));
    return identity;
  };
  const addressOf = (owner: number): string => ownerText(known, ownerKinds.key, identityOf(owner)) ?? "";
  const value = (): bigint => (random(6) === 0 ? 0n : BigInt(1 + random(30)) * scale + BigInt(random(3)));
  for (let height = 0; height < options.blocks; height += 1) {
    const isTold = options.unseen === "known" || (options.unseen === "mixed" && random(2) === 0);
    const ids: Uint8Array[] = [];
    const inputs: { id: Uint8Array; index: number; value: bigint }[] = [];
    const outputs: { value: bigint; owner: number }[] = [];
    const [inputStart, outputStart] = [[0], [0]];
    for (let number = 0, count = 1 + random(5); number < count; number += 1) {
      const id = hashOf(`${seed} ${height} ${number}`);
      const txid = printed(id);
      const taken: { id: Uint8Array; index: number; value: bigint; isUnseen: boolean }[] = [];
      for (let tries = number === 0 ? 0 : 1 + random(4); tries > 0; tries -= 1) {
        if (options.unseen !== "none" && random(8) === 0) {
          taken.push({ id: hashOf(`before ${random(1e9)}`), index: random(3), value: value(), isUnseen: true });
        } else {
          // Mostly what came last, so that value moves on; sometimes any.
          const at =
            random(3) === 0 ? random(unspent.length) : unspent.length - 1 - random(Math.min(6, unspent.length));
          const [spent] = unspent.splice(at, 1);
          taken.push(...(spent === undefined ? [] : [{ ...spent, isUnseen: false }]));
        }
      }
      const isCoinbase = taken.length === 0;
      let left = isCoinbase ? 100n * scale : taken.reduce((sum, one) => sum + one.value, 0n);
      if (!isCoinbase && random(2) === 0) left -= left < 3n ? 0n : BigInt(random(3));
      const paid: { value: bigint; owner: number }[] = [];
      const outs = 1 + random(4);
      for (let out = 0; out < outs; out += 1) {
        const wanted = out === outs - 1 && random(3) > 0 ? left : value();
        const part = wanted < left ? wanted : left;
        left -= part;
        paid.push({ value: part, owner: random(15) === 0 ? -1 : random(owners) });
      }
      for (const [index, one] of paid.entries()) {
        refs.push(`${txid}:${index}`);
        if (one.owner >= 0) unspent.push({ id, index, value: one.value });
      }
      model.push({
        txid,
        isCoinbase,
        inputs: taken.map((one) => ({
          ref: `${printed(one.id)}:${one.index}`,
          unseenValue: one.isUnseen && isTold ? one.value : undefined,
        })),
        outputs: paid.map((one) => ({ value: one.value, address: one.owner < 0 ? null : addressOf(one.owner) })),
      });
      ids.push(id);
      inputs.push(...(isCoinbase ? [{ id: new Uint8Array(32), index: 0xffff_ffff, value: 0n }] : taken));
      outputs.push(...paid);
      inputStart.push(inputs.length);
      outputStart.push(outputs.length);
    }
    const hash = hashOf(`block ${seed} ${height}`);
    blocks.push({
      model: "utxo",
      chain: known.id,
      hash,
      parent,
      height,
      time: 1_300_000_000 + height * 600,
      transactionCount: ids.length,
      txids: new Uint8Array(Buffer.concat(ids)),
      inputStart: Uint32Array.from(inputStart),
      outputStart: Uint32Array.from(outputStart),
      spentTxids: new Uint8Array(Buffer.concat(inputs.map(({ id }) => id))),
      spentIndexes: Uint32Array.from(inputs.map(({ index }) => index)),
      spent: isTold
        ? {
            values: BigUint64Array.from(inputs.map((one) => one.value)),
            owners: {
              kinds: new Uint8Array(inputs.length),
              identities: new Uint8Array(inputs.length * 32),
            },
          }
        : undefined,
      values: BigUint64Array.from(outputs.map((one) => one.value)),
      owners: {
        kinds: Uint8Array.from(outputs.map(({ owner }) => (owner < 0 ? ownerKinds.none : ownerKinds.key))),
        identities: new Uint8Array(Buffer.concat(outputs.map(({ owner }) => identityOf(owner)))),
      },
    });
    parent = hash;
  }
  return { blocks, model, refs, addresses: Array.from({ length: owners }, (_, owner) => addressOf(owner)) };
}
