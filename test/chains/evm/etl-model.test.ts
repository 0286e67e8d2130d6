/** A made-up chain as a node tells it and as ethereum-etl exports it: the same blocks. */
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import { etlHeader, etlRows, etlTableNames, type EtlTableName } from "../../../bench/chain/ethereum-etl.ts";
import { evmBlocks } from "../../../bench/chain/evm.ts";
import { chain } from "../../../src/base/chains.ts";
import type { EvmDecoded } from "../../../src/chains/evm/assemble.ts";
import { decodeBlock } from "../../../src/chains/evm/block.ts";
import { decodeExport, etlTable } from "../../../src/chains/evm/ethereum-etl.ts";
import { chunks } from "./etl-tables.ts";

const ethereum = chain("ethereum");
const blocks = [...evmBlocks({ seed: 5, transactions: 4_000, transactionsPerBlock: 40 })]
  .map(({ answers }) => answers)
  .filter(({ number }) => number > 0);
const tables = new Map(
  etlTableNames.map((name) => [name, [etlHeader(name), ...blocks.flatMap((block) => etlRows(block)[name])]]),
);

const byNode = (traced: "traced" | "untraced"): readonly EvmDecoded[] =>
  blocks.map(({ block, receipts, callTraces }) =>
    decodeBlock(ethereum, { block, receipts, traces: traced === "traced" ? callTraces : undefined, uncles: [] }),
  );

async function byExport(
  names: readonly EtlTableName[],
  change: (text: string) => string = (text) => text,
): Promise<readonly EvmDecoded[]> {
  const bytes = (name: EtlTableName): AsyncIterable<Uint8Array> =>
    chunks(Buffer.from(change((tables.get(name) ?? []).join(""))));
  const has = (name: EtlTableName): boolean => names.includes(name);
  const found: EvmDecoded[] = [];
  const all = {
    blocks: etlTable("blocks", "b", bytes("blocks")),
    transactions: etlTable("transactions", "t", bytes("transactions")),
    receipts: etlTable("receipts", "r", bytes("receipts")),
    logs: has("logs") ? etlTable("logs", "l", bytes("logs")) : undefined,
    tokenTransfers: has("token_transfers") ? etlTable("tokenTransfers", "k", bytes("token_transfers")) : undefined,
    traces: has("traces") ? etlTable("traces", "c", bytes("traces")) : undefined,
  };
  for await (const decoded of decodeExport(ethereum, all)) found.push(decoded);
  return found;
}

/** Every field in quotes, as some writers have it. */
const quoted = (text: string): string =>
  stringify(parse(text), { quoted: true, quoted_empty: true, record_delimiter: "\r\n" });

describe("a made-up chain", () => {
  it("is the same by a node and by an export, with traces and without", async () => {
    expect(await byExport(["logs", "traces"])).toEqual(byNode("traced"));
    expect(await byExport(["logs"])).toEqual(byNode("untraced"));
  });

  it("whatever the case of its digits", async () => {
    const upper = (text: string): string =>
      text.replaceAll(/0x[0-9a-f]{40,64}/gu, (digits) => `0x${digits.slice(2).toUpperCase()}`);
    expect(await byExport(["logs", "traces"], upper)).toEqual(byNode("traced"));
  });

  it("whether fields are quoted or not", async () => {
    expect(await byExport(["logs", "traces"], quoted)).toEqual(byNode("traced"));
  });

  it("and by its table of token transfers as far as that goes", async () => {
    const plain = (decoded: readonly EvmDecoded[]): readonly unknown[] =>
      decoded.flatMap(({ block }) =>
        block.transfers
          .filter(({ asset }) => !/erc(?:721|1155)|c02aaa39/u.test(asset))
          .map(({ kind, transaction, asset, from, to, amount }) => [
            block.transactions[transaction]?.id,
            kind,
            asset,
            from,
            to,
            amount,
          ]),
      );
    const numbers = new Set(
      byNode("traced").flatMap(({ block }) =>
        block.transfers.flatMap(
          ({ asset }) => /erc721:(?<contract>0x[0-9a-f]{40})/u.exec(asset)?.groups?.["contract"] ?? [],
        ),
      ),
    );
    const asFungible = (asset: unknown): boolean =>
      typeof asset === "string" && numbers.has(asset.slice(asset.lastIndexOf(":") + 1));
    const found = plain(await byExport(["token_transfers", "traces"]));
    expect(found.filter((row) => !asFungible((row as readonly unknown[])[2]))).toEqual(plain(byNode("traced")));
  });
});
