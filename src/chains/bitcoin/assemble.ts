import type { KnownChain } from "../../base/chains.ts";
import { ownerKinds, type SpentOutputs, type UtxoBlock } from "../block.ts";
import { merkleTree } from "./hash.ts";
import { broken, type JsonPlace } from "./json.ts";
import type { Owner } from "./owner.ts";
import { addNoOwner, classifyScript, IDENTITY_BYTES, ownerColumns, type OwnerColumns } from "./script.ts";
import { unitsMax } from "./value.ts";

/** A block's transactions as a text form gives them; hashes in internal order. */
export type TextTransaction = {
  readonly txid: Uint8Array;
  readonly coinbase: boolean;
  /** Of a coinbase, none. */
  readonly inputs: readonly TextInput[];
  readonly outputs: readonly TextOutput[];
};
export type TextInput = {
  readonly txid: Uint8Array;
  readonly index: number;
  /** Undefined where the form does not tell. */
  readonly spent: TextSpent | undefined;
};
export type TextSpent = { readonly value: bigint; readonly owner: Owner | { readonly script: Uint8Array } };
export type TextOutput = { readonly value: bigint; readonly script: Uint8Array };

/** A block's own fields as a text form gives them. */
export type TextHeader = {
  readonly hash: Uint8Array;
  readonly parent: Uint8Array;
  readonly merkleRoot: Uint8Array;
  readonly height: number;
  readonly time: number;
};

const NULL_INDEX = 0xffff_ffff;

/**
 * A block from what a text form says of it. That the transactions are all there and in order is checked by the Merkle
 * root of their ids; what they say beside their ids is taken on trust.
 *
 * @returns `spent` is undefined unless every input's spent output is known.
 * @throws {Failure} `SOURCE_INVALID` where the Merkle root differs or a value exceeds the chain's cap.
 */
export function assembleBlock(
  chain: KnownChain & { readonly family: "bitcoin" },
  header: TextHeader,
  transactions: readonly TextTransaction[],
  place: JsonPlace,
): UtxoBlock {
  const txids = new Uint8Array(transactions.length * 32);
  for (const [index, { txid }] of transactions.entries()) txids.set(txid, index * 32);
  const tree = merkleTree(txids);
  if (transactions.length === 0 || tree.mutated || !tree.root.every((byte, at) => byte === header.merkleRoot[at])) {
    throw broken(place, `its ${transactions.length} transactions do not have its Merkle root`);
  }
  const cap = unitsMax(chain.alias);
  const inputs = transactions.flatMap((one): readonly (TextInput | undefined)[] =>
    one.coinbase ? [undefined] : one.inputs,
  );
  const outputs = transactions.flatMap((one) => one.outputs);
  const spentTxids = new Uint8Array(inputs.length * 32);
  for (const [index, input] of inputs.entries()) if (input !== undefined) spentTxids.set(input.txid, index * 32);
  const owners = ownerColumns(outputs.length);
  for (const { script } of outputs) classifyScript(script, 0, script.length, owners);
  if (outputs.some(({ value }) => value > cap)) throw broken(place, "an output holds more than the chain ever can");
  return {
    model: "utxo",
    chain: chain.id,
    hash: header.hash,
    parent: header.parent,
    height: header.height,
    time: header.time,
    transactionCount: transactions.length,
    txids,
    inputStart: starts(transactions.map((one) => (one.coinbase ? 1 : one.inputs.length))),
    outputStart: starts(transactions.map((one) => one.outputs.length)),
    spentTxids,
    spentIndexes: Uint32Array.from(inputs, (input) => input?.index ?? NULL_INDEX),
    spent: spentOf(inputs),
    values: BigUint64Array.from(outputs, ({ value }) => value),
    owners: { kinds: owners.kinds, identities: owners.identities },
  };
}

function starts(counts: readonly number[]): Uint32Array {
  const result = new Uint32Array(counts.length + 1);
  for (const [index, count] of counts.entries()) result[index + 1] = (result[index] ?? 0) + count;
  return result;
}

/** A coinbase's input is undefined. Nothing is known where a block has no other, and nothing where one is not. */
function spentOf(inputs: readonly (TextInput | undefined)[]): SpentOutputs | undefined {
  if (inputs.every((input) => input === undefined)) return undefined;
  if (inputs.some((input) => input !== undefined && input.spent === undefined)) return undefined;
  const owners = ownerColumns(inputs.length);
  for (const input of inputs) addSpent(owners, input?.spent);
  return {
    values: BigUint64Array.from(inputs, (input) => input?.spent?.value ?? 0n),
    owners: { kinds: owners.kinds, identities: owners.identities },
  };
}

function addSpent(owners: OwnerColumns, spent: TextSpent | undefined): void {
  if (spent === undefined) {
    addNoOwner(owners);
  } else if ("script" in spent.owner) {
    classifyScript(spent.owner.script, 0, spent.owner.script.length, owners);
  } else {
    const { kind, identity } = spent.owner;
    owners.kinds[owners.next] = kind;
    if (kind !== ownerKinds.none) owners.identities.set(identity, owners.next * IDENTITY_BYTES);
    owners.next += 1;
  }
}
