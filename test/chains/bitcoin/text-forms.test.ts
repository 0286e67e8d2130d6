/** A node's JSON answers and bitcoin-etl's export of the same blocks, for every chain of bitcoin-etl's own fixtures. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../src/chains/bitcoin/address.ts";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import { ownerKinds, type UtxoBlock } from "../../../src/chains/block.ts";
import { decodeBlock } from "../../../src/chains/bitcoin/block.ts";
import { decodeEtlBlock, sortEtlLine } from "../../../src/chains/bitcoin/etl.ts";
import { ownerText } from "../../../src/chains/bitcoin/owner.ts";
import { decodeRpcBlock } from "../../../src/chains/bitcoin/rpc.ts";
import { kindAt } from "../../../src/chains/bitcoin/script.ts";
import { sharedData } from "../../shared-data.ts";
import { blockOf, coinbase, hash160, scripts, spending, whole } from "./serialize.ts";

type EtlInput = {
  readonly spent_transaction_hash: string | null;
  readonly spent_output_index: number | null;
  readonly type: string | null;
};
type EtlOutput = { readonly value: number; readonly addresses: readonly string[]; readonly type: string };
type EtlTransaction = {
  readonly hash: string;
  readonly block_hash: string;
  readonly is_coinbase: boolean;
  readonly inputs: readonly EtlInput[];
  readonly outputs: readonly EtlOutput[];
};
type EtlBlock = {
  readonly hash: string;
  readonly number: number;
  readonly timestamp: number;
  readonly transaction_count: number;
};

const root = "bitcoin/bitcoin-etl/tests/resources/test_export_blocks_job";
const folders: readonly (readonly [folder: string, alias: string])[] = [
  ["bitcoin/block_0", "bitcoin"],
  ["bitcoin/block_1", "bitcoin"],
  ["bitcoin/block_with_transactions", "bitcoin"],
  ["bitcoin/block_without_transactions", "bitcoin"],
  ["bitcoin/stream_50001_50002", "bitcoin"],
  ["bitcoin_cash/block_with_duplicate_txid", "bitcoin-cash"],
  ["dogecoin/block_without_transactions", "dogecoin"],
  ["zcash/block_0", "zcash"],
  ["zcash/block_with_shielded_addresses", "zcash"],
  ["zcash/block_with_value_balance", "zcash"],
];
const lines = (folder: string, file: string): readonly string[] =>
  readFileSync(path.join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
const display = (hash: Uint8Array): string => Buffer.from(hash.toReversed()).toString("hex");
const row = (column: Uint8Array, index: number): Uint8Array => column.subarray(index * 32, index * 32 + 32);

/** What of a decoded block bitcoin-etl writes too. */
function asEtl(alias: string, block: UtxoBlock): unknown {
  return Array.from({ length: block.transactionCount }, (_, index) => {
    const range = (start: Uint32Array): readonly number[] =>
      Array.from(
        { length: (start[index + 1] ?? 0) - (start[index] ?? 0) },
        (_none, place) => (start[index] ?? 0) + place,
      );
    const inputs = range(block.inputStart).map((input) => [
      display(row(block.spentTxids, input)),
      block.spentIndexes[input],
    ]);
    const outputs = range(block.outputStart).map((output) => [
      block.values[output],
      ownerText(chain(alias), kindAt(block.owners, output), row(block.owners.identities, output)),
    ]);
    return { hash: display(row(block.txids, index)), inputs, outputs };
  });
}

function expected(alias: string, one: EtlTransaction): unknown {
  const inputs = one.inputs.filter(({ type }) => type !== "shielded");
  return {
    hash: one.hash,
    inputs: one.is_coinbase
      ? [["0".repeat(64), 0xffff_ffff]]
      : inputs.map((input) => [input.spent_transaction_hash, input.spent_output_index]),
    outputs: one.outputs
      .filter(({ type }) => type !== "shielded")
      .map(({ value, addresses: [address] }) => [
        BigInt(value),
        address === undefined ? undefined : parseAddress(chain(alias), address),
      ]),
  };
}

/** The spent outputs that an enriched export tells. */
function spentAsEtl(alias: string, { spentIndexes, spent }: UtxoBlock): unknown {
  const wanted = [...spentIndexes.keys()].slice(1);
  return wanted.map((input) => {
    if (spent === undefined) return undefined;
    const owner = ownerText(chain(alias), kindAt(spent.owners, input), row(spent.owners.identities, input));
    return [spent.values[input], owner];
  });
}

type NodeTransaction = {
  readonly txid: string;
  readonly vout: readonly {
    readonly value: number;
    readonly scriptPubKey: { readonly addresses: readonly string[] };
  }[];
};

/** The same by the node's answers; whole coins in these fixtures. */
function spentByAnswers(block: UtxoBlock, transactions: readonly string[]): unknown {
  const answers = transactions.map((text) => JSON.parse(text) as NodeTransaction);
  return Array.from(block.spentIndexes, (index, input) => {
    const output = answers.find(({ txid }) => txid === display(row(block.spentTxids, input)))?.vout[index];
    return [BigInt(output?.value ?? 0) * 100_000_000n, output?.scriptPubKey.addresses[0]];
  }).slice(1);
}

/** The node's answers of a folder. */
function answersOf(folder: string): { readonly blocks: readonly string[]; readonly transactions: readonly string[] } {
  const read = (start: string): readonly string[] =>
    readdirSync(folder)
      .filter((file) => file.startsWith(`rpc_response_${start}_`))
      .map((file) => readFileSync(path.join(folder, file), "utf8"));
  return { blocks: read("getblock"), transactions: read("getrawtransaction") };
}

describe("bitcoin-etl's own fixtures", () => {
  test.each(folders)("%s", (name, alias) => {
    const folder = sharedData(`${root}/${name}`);
    if (folder === undefined) return;
    const { blocks, transactions } = answersOf(folder);
    const [blockLines, transactionLines] = [
      lines(folder, "expected_blocks.json"),
      lines(folder, "expected_transactions.json"),
    ];
    expect(blockLines.length).toBeGreaterThan(0);
    for (const line of blockLines) {
      const wanted = JSON.parse(line) as EtlBlock;
      const own = transactionLines.filter((text) => (JSON.parse(text) as EtlTransaction).block_hash === wanted.hash);
      const given = blocks.find((text) => text.includes(`"hash": "${wanted.hash}"`)) ?? "";
      const block = decodeRpcBlock(chain(alias), { block: given, transactions });
      expect([display(block.hash), block.height, block.time]).toEqual([wanted.hash, wanted.number, wanted.timestamp]);
      expect([block.transactionCount, own.length]).toEqual([wanted.transaction_count, wanted.transaction_count]);
      expect(asEtl(alias, block)).toEqual(own.map((text) => expected(alias, JSON.parse(text) as EtlTransaction)));
      const exported = decodeEtlBlock(chain(alias), { block: line, transactions: own, parent: block.parent });
      expect({ ...exported, spent: undefined }).toEqual(block);
      expect(exported.spent === undefined).toBe(!name.startsWith("bitcoin/stream") || block.transactionCount === 1);
      if (exported.spent !== undefined)
        expect(spentAsEtl(alias, exported)).toEqual(spentByAnswers(exported, transactions));
      expect(own.every((text) => sortEtlLine(text).block === wanted.hash)).toBe(true);
      expect(sortEtlLine(line)).toEqual({ kind: "block", block: wanted.hash, height: wanted.number });
    }
  });

  test("dogecoin: values beyond what floating point holds", () => {
    const folder = sharedData(`${root}/dogecoin/block_with_float_precision_loss`);
    if (folder === undefined) return;
    const transactions = lines(folder, "expected_transactions.json");
    const [block = ""] = lines(folder, "expected_blocks.json");
    const decoded = decodeEtlBlock(chain("dogecoin"), { block, transactions, parent: new Uint8Array(32) });
    const written = transactions.flatMap((text) => [...text.matchAll(/"value": (?<value>[0-9]+)/gu)]);
    expect([...decoded.values]).toEqual(written.map(({ groups }) => BigInt(groups?.["value"] ?? "")));
    expect([...decoded.values].some((value) => value === 8_484_129_938_700_000n)).toBe(true);
  });
});

const script = scripts.p2pkh(hash160(Buffer.of(1)));
const spender = spending(2, [{ value: 123_456_789n, script }]);
const bytes = blockOf([whole(coinbase([{ value: 1n, script }])), whole(spender)]);
const raw = decodeBlock(chain("bitcoin"), bytes);
const scriptPubKey = { hex: script.toString("hex") };

/** A node's answer with verbosity 3, its amounts as given. */
function answer(amounts: readonly [own: string, first: string, second: string]): string {
  const [own, ...prevouts] = amounts;
  const text = JSON.stringify({
    hash: display(raw.hash),
    height: 1_000_000,
    time: raw.time,
    previousblockhash: display(raw.parent),
    merkleroot: display(bytes.subarray(36, 68)),
    tx: [
      {
        txid: display(row(raw.txids, 0)),
        vin: [{ coinbase: "0340420f" }],
        vout: [{ value: "@1e-8@", n: 0, scriptPubKey }],
      },
      {
        txid: display(row(raw.txids, 1)),
        vin: spender.inputs.map(({ txid, index }, place) => ({
          txid: display(txid),
          vout: index,
          prevout: { generated: false, height: 5, value: `@${prevouts[place] ?? "0"}@`, scriptPubKey },
        })),
        vout: [{ value: `@${own}@`, n: 0, scriptPubKey }],
      },
    ],
  });
  return text.replaceAll('"@', "").replaceAll('@"', "");
}
const rpc = (text: string): UtxoBlock => decodeRpcBlock(chain("bitcoin"), { block: text, transactions: [] });
const refusal = (run: () => unknown): string => {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (isFailure(error, "SOURCE_INVALID")) return error.message;
    throw error;
  }
};

describe("a node's answers", () => {
  test("verbosity 3: as the raw block, and the spent outputs", () => {
    for (const text of [
      answer(["1.23456789", "0.1", "20999999.99999999"]),
      `{"result":${answer(["1.234567890", "1e-1", "20999999.99999999"])},"error":null,"id":1}`,
    ]) {
      const block = rpc(text);
      expect({ ...block, spent: undefined }).toEqual(raw);
      expect([...(block.spent?.values ?? [])]).toEqual([0n, 10_000_000n, 2_099_999_999_999_999n]);
      expect([...(block.spent?.owners.kinds ?? [])]).toEqual([ownerKinds.none, ownerKinds.key, ownerKinds.key]);
    }
  });

  test("spent outputs are given where all are known", () => {
    const known = answer(["1.23456789", "0.1", "0.2"]);
    const partly = known.replace(/,"prevout":\{.*?\}\}/u, "");
    expect(partly).not.toBe(known);
    expect(rpc(partly).spent).toBeUndefined();
  });

  test.each([
    ["no JSON", "{", /not JSON/u],
    ["an error", '{"result":null,"error":{"code":-5,"message":"Block not found"},"id":1}', /Block not found/u],
    [
      "ids alone",
      JSON.stringify({ ...(JSON.parse(answer(["1", "1", "1"])) as object), tx: [display(row(raw.txids, 0))] }),
      /verbosity 2/u,
    ],
    ["too fine", answer(["1.234567891", "1", "1"]), /finer/u],
    ["negative", answer(["-1", "1", "1"]), /0 or more/u],
    ["beyond the cap", answer(["21000000.00000001", "1", "1"]), /more than the chain/u],
    [
      "a transaction less",
      JSON.stringify({ ...(JSON.parse(answer(["1", "1", "1"])) as object), tx: [] }),
      /Merkle root/u,
    ],
    ["a short hash", answer(["1", "1", "1"]).replace('"hash":"', '"hash":"ab'), /33 bytes/u],
    ["a list", "[]", /no object/u],
  ] as const)("%s: refused", (_name, text, reason) => expect(refusal(() => rpc(text))).toMatch(reason));
});

describe("bitcoin-etl's lines", () => {
  const hash = display(raw.hash);
  const block = JSON.stringify({
    hash,
    number: 1_000_000,
    timestamp: raw.time,
    merkle_root: display(bytes.subarray(36, 68)),
  });
  const output = { index: 0, script_hex: scriptPubKey.hex, type: "pubkeyhash", addresses: [] };
  const line = (index: number, more: object): string =>
    JSON.stringify({ hash: display(row(raw.txids, index)), block_hash: hash, block_number: 1_000_000, index, ...more });
  const address = ownerText(chain("bitcoin"), ownerKinds.key, row(raw.owners.identities, 0));
  const first = line(0, { is_coinbase: true, inputs: [], outputs: [{ ...output, value: 1 }] });
  const second = (spent: object): string =>
    line(1, {
      is_coinbase: false,
      inputs: spender.inputs.map(({ txid, index }) => ({
        spent_transaction_hash: display(txid),
        spent_output_index: index,
        ...spent,
      })),
      outputs: [{ ...output, value: 123_456_789 }],
    });
  const decode = (...transactions: readonly string[]): UtxoBlock =>
    decodeEtlBlock(chain("bitcoin"), { block, transactions, parent: raw.parent });

  test("in any order, by their index", () => {
    expect(decode(second({ value: null }), first)).toEqual(raw);
  });

  test("enriched: the spent outputs are known by their addresses", () => {
    const decoded = decode(first, second({ value: 7, type: "pubkeyhash", addresses: [address] }));
    expect([...(decoded.spent?.values ?? [])]).toEqual([0n, 7n, 7n]);
    expect([...(decoded.spent?.owners.kinds ?? [])]).toEqual([ownerKinds.none, ownerKinds.key, ownerKinds.key]);
    expect(row(decoded.spent?.owners.identities ?? new Uint8Array(), 1)).toEqual(row(raw.owners.identities, 0));
    expect(decode(first, second({ value: 7, type: "multisig", addresses: [address, address] })).spent).toBeUndefined();
  });

  test.each([
    ["of another block", () => decode(first, second({}).replace(hash, "00")), /another block/u],
    ["missing", () => decode(first), /Merkle root/u],
    ["repeated", () => decode(first, second({}), second({})), /Merkle root/u],
    [
      "badly numbered",
      () => decode(first.replace('"outputs":[{"index":0', '"outputs":[{"index":1'), second({})),
      /numbered/u,
    ],
    ["neither form", () => sortEtlLine('{"number":1}'), /names no block/u],
  ] as const)("%s: refused", (_name, run, reason) => expect(refusal(run)).toMatch(reason));
});
