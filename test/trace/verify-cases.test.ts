import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, describe, expect, it } from "vitest";
import { parseUnits } from "../../src/base/amount.ts";
import { chain as knownChain } from "../../src/base/chains.ts";
import { ownerOfAddress } from "../../src/chains/bitcoin/owner.ts";
import type { UtxoBlock } from "../../src/chains/block.ts";
import { readRegister, requireValid, type Register } from "../../src/incidents/register.ts";
import { bundledRegister, readRegisterFolder } from "../../src/io/register-folder.ts";
import { findPatterns } from "../../src/trace/patterns/find.ts";
import { graphOf } from "../../src/trace/patterns/graph-of.ts";
import { usualRules } from "../../src/trace/patterns/pattern.ts";
import { runTrace } from "../../src/trace/run.ts";
import { verifyIncident } from "../../src/trace/theft/verify.ts";
import { noLimits } from "../../src/trace/trace.ts";
import { fundtrail } from "../cli/terminal.ts";
import { sharedData } from "../shared-data.ts";
import { withLedger } from "./ledger-of.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-cases-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const bitcoin = knownChain("bitcoin");
const bitfinex = sharedData("cases/bitfinex-2016/bitfinex_tx_dataset.csv");
const bancor = sharedData("cases/bancor-2018/all-tx.csv");
const day = Date.UTC(2016, 7, 2, 12) / 1_000;

type Row = { readonly txid: string; readonly from: string; readonly to: string; readonly amount: string };

/**
 * One block of the listed transactions, each as the list has it: one sum from one address to another. The list has neither
 * blocks nor times nor fees, so that all stand on the day of the theft and pay none.
 */
function blockOf(rows: readonly Row[]): UtxoBlock {
  const owners = (texts: readonly string[]): UtxoBlock["owners"] => {
    const found = texts.map((text) => ownerOfAddress(bitcoin, text));
    return {
      kinds: Uint8Array.from(found, ({ kind }) => kind),
      identities: new Uint8Array(Buffer.concat(found.map(({ identity }) => identity))),
    };
  };
  const values = BigUint64Array.from(rows, ({ amount }) => parseUnits(amount, 8));
  return {
    model: "utxo",
    chain: bitcoin.id,
    hash: new Uint8Array(32).fill(1),
    parent: new Uint8Array(32),
    height: 0,
    time: day,
    transactionCount: rows.length,
    txids: new Uint8Array(Buffer.concat(rows.map(({ txid }) => Buffer.from(txid, "hex").toReversed()))),
    inputStart: Uint32Array.from({ length: rows.length + 1 }, (_, at) => at),
    outputStart: Uint32Array.from({ length: rows.length + 1 }, (_, at) => at),
    // Where the money came from is not in the list: each from an output of its own that no block holds.
    spentTxids: new Uint8Array(Buffer.concat(rows.map(({ txid }) => Buffer.from(txid, "hex")))),
    spentIndexes: new Uint32Array(rows.length),
    spent: { values, owners: owners(rows.map(({ from }) => from)) },
    values,
    owners: owners(rows.map(({ to }) => to)),
  };
}

async function bundled(): Promise<Register> {
  return requireValid(readRegister([await readRegisterFolder(bundledRegister)]));
}

describe.skipIf(bitfinex === undefined)("Bitfinex 2016, by its 2,072 listed transactions", () => {
  const rows = bitfinex === undefined ? [] : (parse(readFileSync(bitfinex), { columns: true }) as readonly Row[]);

  it("took 119,756.62032288 BTC, 0.62 BTC more than the register says, $65.6m at the close of the day", async () => {
    const register = await bundled();
    const incident = register.incidents.find(({ id }) => id === "2016-08-02-bitfinex");
    if (incident === undefined) throw new Error("the register has no Bitfinex 2016");
    await withLedger([blockOf(rows)], 1, (reader) => {
      const thefts = new Map([[bitcoin, rows.map(({ txid }) => txid)]]);
      const found = verifyIncident(incident, { readers: [reader], thefts, prices: register.prices });
      expect(found.chains[0]?.found).toHaveLength(2_072);
      expect(found).toMatchObject({ isComplete: true, unseen: [], usd: 6_556_256_174n, difference: -643_743_826n });
      expect(found.assets).toMatchObject([
        { onChain: 11_975_662_032_288n, registered: 11_975_600_000_000n, difference: 62_032_288n, unpriced: 0 },
      ]);
      expect(found.assets[0]?.prices).toMatchObject([{ day: "2016-08-02", kind: "close" }]);
      const origins = found.chains.flatMap((one) => one.found.flatMap((theft) => theft.rows));
      const trace = runTrace(reader, {
        origins,
        policy: "fifo",
        stops: undefined,
        limits: noLimits,
        swaps: "on",
        price: () => undefined,
        hubTransfers: undefined,
      });
      expect([...trace.holdings()]).toHaveLength(2_072);
      expect(trace.totals).toMatchObject([{ origin: 11_975_662_032_288n, holdings: 11_975_662_032_288n }]);
      // A list of thefts shows nothing of what came after them.
      expect(findPatterns(graphOf(reader, trace), usualRules, new Set())).toEqual([]);
    });
  });
});

describe.skipIf(bancor === undefined)("Bancor 2018, by the explorer's export of the thief's addresses", () => {
  it("holds no theft transaction of the register; what the listed address received has no known price", async () => {
    const ledger = path.join(scratch, "bancor");
    await fundtrail("ingest", "--ledger", ledger, "--chain", "ethereum", "--from", "etherscan", bancor ?? "");
    const args = ["incident", "verify", "2018-07-09-bancor", "--ledger", ledger];
    const unnamed = await fundtrail(...args);
    expect([unnamed.status, unnamed.error]).toEqual([2, expect.stringContaining("give them with --transactions FILE")]);
    const received = path.join(scratch, "received.txt");
    writeFileSync(received, "0x1890d018b54fc773ca153701f64b0668d278e15ee9f99abad11635d24ec0babe\n");
    const { out } = await fundtrail(...args, "--transactions", received);
    expect(out).toContain("25,533.61432875840108146 ETH  24,984 ETH  +549.61432875840108146 ETH  unknown");
    expect(out).toContain("Value at the theft: unknown, for want of a price");
    expect(out).toContain("229356645 NPXS; it is known by its symbol only");
  });
});
