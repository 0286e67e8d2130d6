import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import type { UtxoBlock } from "../block.ts";
import { assembleBlock, type TextInput, type TextOutput, type TextSpent, type TextTransaction } from "./assemble.ts";
import {
  asBytes,
  asCount,
  asHash,
  asList,
  asObject,
  asUnits,
  broken,
  parseJson,
  textOf,
  type JsonObject,
} from "./json.ts";
import type { JsonPlace } from "./json.ts";
import { ownerOfAddress } from "./owner.ts";
import { tokenPrefixEnd } from "./token.ts";

/** The lines of one block in bitcoin-etl's export. */
export type EtlLines = {
  readonly block: string;
  /** Those with the block's hash, in the order of the file. */
  readonly transactions: readonly string[];
  /** The form does not name a block's parent; in internal order, zeros for a chain's first block. */
  readonly parent: Uint8Array;
};

/** Where a line of the export belongs. */
export type EtlLine = {
  readonly kind: "block" | "transaction";
  /** The block's hash as printed, its own or that of the block it is in. */
  readonly block: string;
  readonly height: number;
};

/**
 * Which block a line belongs to; so that a reader of the export can bring a block's lines together.
 *
 * @param text - A line of `blocks.json`, `transactions.json`, or of a stream that mixes both.
 * @throws {Failure} `SOURCE_INVALID` for a line of neither form.
 */
export function sortEtlLine(text: string): EtlLine {
  const place = { source: "bitcoin-etl export", where: "" };
  const line = asObject(parseJson(text, place), "a line", place);
  const transaction = line["block_hash"] !== undefined;
  const block = line[transaction ? "block_hash" : "hash"];
  const height = asCount(line[transaction ? "block_number" : "number"], "a block's number", place);
  if (typeof block !== "string") throw broken(place, "a line names no block");
  return { kind: transaction ? "transaction" : "block", block, height };
}

/**
 * A block from bitcoin-etl's JSON lines.
 *
 * The ids are checked against the block's Merkle root; values and scripts are the export's word. The inputs and outputs
 * that it invents for shielded value are left out. Values are in base units.
 * @returns `spent` where the export was enriched so far that each spent output's value and address is known.
 * @throws {Failure} `SOURCE_INVALID` for a line that is not of the form, or a block that is incomplete.
 * Source: bitcoin-etl, https://github.com/blockchain-etl/bitcoin-etl#schema
 */
export function decodeEtlBlock(chain: KnownChain, lines: EtlLines): UtxoBlock {
  assert(chain.family === "bitcoin", `bitcoin etl: ${chain.alias} is of the family ${chain.family}`);
  const source = `bitcoin-etl export of ${chain.name}`;
  const block = asObject(parseJson(lines.block, { source, where: "block" }), "a block's line", {
    source,
    where: "block",
  });
  const place = { source, where: `block ${textOf(block["hash"])}` };
  const header = {
    hash: asHash(block["hash"], "its hash", place),
    parent: lines.parent,
    merkleRoot: asHash(block["merkle_root"], "its Merkle root", place),
    height: asCount(block["number"], "its number", place),
    time: asCount(block["timestamp"], "its time", place),
  };
  const rows = lines.transactions.map((text) => asObject(parseJson(text, place), "a transaction's line", place));
  const foreign = rows.find((row) => row["block_hash"] !== block["hash"]);
  if (foreign !== undefined) throw broken(place, `transaction ${textOf(foreign["hash"])} is of another block`);
  const transactions = inOrder(rows, place).map((row) => readTransaction(chain, row, place));
  return assembleBlock(chain, header, transactions, place);
}

/** By their index; older exports have none, and are in order. */
function inOrder(rows: readonly JsonObject[], place: JsonPlace): readonly JsonObject[] {
  if (rows.some((row) => row["index"] === undefined || row["index"] === null)) return rows;
  const indexed = rows.map((row) => ({ row, index: asCount(row["index"], "a transaction's index", place) }));
  return indexed.toSorted((left, right) => left.index - right.index).map(({ row }) => row);
}

function readTransaction(chain: KnownChain, row: JsonObject, block: JsonPlace): TextTransaction {
  const place = { source: block.source, where: `transaction ${textOf(row["hash"])}` };
  const inputs = asList(row["inputs"], "inputs", place).map((one) => asObject(one, "an input", place));
  const outputs = asList(row["outputs"], "outputs", place).map((one) => asObject(one, "an output", place));
  const visible = outputs.filter(isVisible);
  if (visible.some((_, index) => outputs[index]?.["type"] === SHIELDED)) {
    throw broken(place, "a shielded output stands before a transparent one");
  }
  return {
    txid: asHash(row["hash"], "a transaction's hash", place),
    coinbase: row["is_coinbase"] === true,
    inputs: row["is_coinbase"] === true ? [] : inputs.filter(isVisible).map((one) => readInput(chain, one, place)),
    outputs: visible.map((one, index) => readOutput(chain, one, { place, index })),
  };
}

const SHIELDED = "shielded";
const isVisible = (item: JsonObject): boolean => item["type"] !== SHIELDED;

function readInput(chain: KnownChain, input: JsonObject, place: JsonPlace): TextInput {
  return {
    txid: asHash(input["spent_transaction_hash"], "an input's transaction", place),
    index: asCount(input["spent_output_index"], "an input's output index", place),
    spent: readSpent(chain, input, place),
  };
}

/** Types whose one address says all; of multisig and non-standard ones the script is not given. */
const ADDRESSED: ReadonlySet<unknown> = new Set([
  "pubkey",
  "pubkeyhash",
  "scripthash",
  "witness_v0_keyhash",
  "witness_v0_scripthash",
  "witness_v1_taproot",
]);

function readSpent(chain: KnownChain, input: JsonObject, place: JsonPlace): TextSpent | undefined {
  const { value, addresses, type } = input;
  if (value === undefined || value === null || !ADDRESSED.has(type)) return undefined;
  const [address, ...others] = asList(addresses, "an input's addresses", place);
  if (typeof address !== "string" || others.length > 0) return undefined;
  return {
    value: asUnits(value, "an input's value", { place, decimals: 0 }),
    owner: ownerOfAddress(chain, address),
  };
}

function readOutput(
  chain: KnownChain,
  output: JsonObject,
  { place, index }: { readonly place: JsonPlace; readonly index: number },
): TextOutput {
  if (asCount(output["index"], "an output's index", place) !== index) {
    throw broken(place, `its outputs are not numbered from 0 on (${index})`);
  }
  const value = asUnits(output["value"], "an output's value", { place, decimals: 0 });
  const script = asBytes(output["script_hex"], "an output's script", place);
  if (chain.alias === "bitcoin-cash")
    return { value, script: script.subarray(tokenPrefixEnd(script, 0, script.length)) };
  return { value, script };
}
