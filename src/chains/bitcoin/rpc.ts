import { assert } from "../../base/assert.ts";
import type { KnownChain } from "../../base/chains.ts";
import type { UtxoBlock } from "../block.ts";
import {
  assembleBlock,
  type TextHeader,
  type TextInput,
  type TextOutput,
  type TextSpent,
  type TextTransaction,
} from "./assemble.ts";
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
  type Json,
  type JsonObject,
  type JsonPlace,
} from "./json.ts";
import { tokenPrefixEnd } from "./token.ts";

/** What a node answered; texts, since a parsed number has lost digits. With or without JSON-RPC's `{"result": …}`. */
export type RpcAnswers = {
  /** To `getblock HASH 2` or `3`; to `getblock HASH 1` (or `true`) where the transactions are given beside. */
  readonly block: string;
  /** To `getrawtransaction TXID true`, for transactions that the block names by their ids only. */
  readonly transactions: readonly string[];
};

/** Coins have eight decimals on every chain of the family. */
const DECIMALS = 8;

/**
 * A block from a node's answers over JSON-RPC.
 *
 * The ids are checked against the block's Merkle root; values and scripts are the node's word. Shielded parts are left
 * out, as `decodeBlock` leaves them.
 * @returns `spent` where the node gave all spent outputs (`getblock HASH 3`), undefined otherwise.
 * @throws {Failure} `SOURCE_INVALID` for an answer that is an error, or not of the form, or incomplete.
 * Source: Bitcoin Core, `getblock`, https://developer.bitcoin.org/reference/rpc/getblock.html
 * Cost: a few objects an input and output; far slower than `decodeBlock`.
 */
export function decodeRpcBlock(chain: KnownChain, answers: RpcAnswers): UtxoBlock {
  assert(chain.family === "bitcoin", `bitcoin rpc: ${chain.alias} is of the family ${chain.family}`);
  const source = `a ${chain.name} node's answer`;
  const block = resultOf(answers.block, { source, where: "block" });
  const place = { source, where: `block ${textOf(block["hash"])}` };
  const header: TextHeader = {
    hash: asHash(block["hash"], "its hash", place),
    parent:
      block["previousblockhash"] === undefined
        ? new Uint8Array(32)
        : asHash(block["previousblockhash"], "its parent's hash", place),
    merkleRoot: asHash(block["merkleroot"], "its Merkle root", place),
    height: asCount(block["height"], "its height", place),
    time: asCount(block["time"], "its time", place),
  };
  const given = new Map(
    answers.transactions.map((text) => {
      const transaction = resultOf(text, { source, where: "transaction" });
      return [transaction["txid"], transaction] as const;
    }),
  );
  const transactions = asList(block["tx"], "its list of transactions", place).map((item) =>
    readTransaction(chain, itemOf(item, given, place), place),
  );
  return assembleBlock(chain, header, transactions, place);
}

function resultOf(text: string, place: JsonPlace): JsonObject {
  const answer = asObject(parseJson(text, place), "the answer", place);
  if (answer["error"] !== undefined && answer["error"] !== null) {
    const error = asObject(answer["error"], "the error", place);
    throw broken(place, `the node refused: ${typeof error["message"] === "string" ? error["message"] : "no reason"}`);
  }
  return answer["result"] === undefined ? answer : asObject(answer["result"], "the result", place);
}

function itemOf(item: Json, given: ReadonlyMap<Json | undefined, JsonObject>, place: JsonPlace): JsonObject {
  if (typeof item !== "string") return asObject(item, "a transaction", place);
  const found = given.get(item);
  if (found === undefined) throw broken(place, `transaction ${item} is named and not given; ask with verbosity 2`);
  return found;
}

function readTransaction(chain: KnownChain, item: JsonObject, block: JsonPlace): TextTransaction {
  const txid = asHash(item["txid"], "a transaction's id", block);
  const place = { source: block.source, where: `transaction ${textOf(item["txid"])}` };
  const inputs = asList(item["vin"], "vin", place).map((one) => asObject(one, "an input", place));
  const outputs = asList(item["vout"], "vout", place).map((one) => asObject(one, "an output", place));
  const coinbase = inputs.some((input) => input["coinbase"] !== undefined);
  if (coinbase && inputs.length !== 1) throw broken(place, "a coinbase has other inputs");
  return {
    txid,
    coinbase,
    // Litecoin lists what moves within the extension block among the rest.
    inputs: coinbase ? [] : inputs.filter(isVisible).map((input) => readInput(chain, input, place)),
    outputs: outputs.filter(isVisible).map((output) => readOutput(chain, output, place)),
  };
}

const isVisible = (item: JsonObject): boolean => item["ismweb"] !== true;

function readInput(chain: KnownChain, input: JsonObject, place: JsonPlace): TextInput {
  return {
    txid: asHash(input["txid"], "an input's transaction", place),
    index: asCount(input["vout"], "an input's output index", place),
    spent: input["prevout"] === undefined ? undefined : readSpent(chain, input["prevout"], place),
  };
}

function readSpent(chain: KnownChain, prevout: Json, place: JsonPlace): TextSpent {
  const { value, script } = readOutput(chain, asObject(prevout, "a prevout", place), place);
  return { value, owner: { script } };
}

function readOutput(chain: KnownChain, output: JsonObject, place: JsonPlace): TextOutput {
  const value = asUnits(output["value"], "an output's value", { place, decimals: DECIMALS });
  const script = asBytes(
    asObject(output["scriptPubKey"], "an output's script", place)["hex"],
    "an output's script",
    place,
  );
  // Bitcoin Cash Node gives tokens beside the script; others leave them in it.
  if (chain.alias === "bitcoin-cash")
    return { value, script: script.subarray(tokenPrefixEnd(script, 0, script.length)) };
  return { value, script };
}
