/** A real EVM node: what the ledger says of every account's balances is what the node says. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chain as knownChain } from "../../src/base/chains.ts";
import { evmRpcSource, type EvmRpcOptions } from "../../src/ingest/evm-rpc.ts";
import { ingest, type Ingested } from "../../src/ingest/ingest.ts";
import type { SourceFinding } from "../../src/ingest/source.ts";
import { httpRpc } from "../../src/io/http-rpc.ts";
import { ChainWriter } from "../../src/ledger/chain-writer.ts";
import { checkChain } from "../../src/ledger/check.ts";
import { dumpChain } from "../../src/ledger/dump.ts";
import { LedgerReader } from "../../src/ledger/reader.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import type { PageStore } from "../../src/store/page-store.ts";
import { randomOf } from "../ledger/random-chain.ts";
import {
  anvilBinary,
  creatorCode,
  leaverCode,
  payerCode,
  selectors,
  startAnvil,
  tokenCode,
  type Anvil,
} from "./anvil.ts";

const binary = anvilBinary();
if (binary === undefined) console.log("evm-anvil: skipped, for anvil is not installed (npm package @foundry-rs/anvil)");

const chain = knownChain("eip155:31337");
const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
const word = (value: string | number | bigint): string =>
  (typeof value === "string" ? value.slice(2) : value.toString(16)).padStart(64, "0");
const nobody = `0x${"0".repeat(40)}`;
const all: EvmRpcOptions = { from: undefined, until: "latest", traces: "auto", receipts: "auto" };

type Transfer = {
  readonly kind: string;
  readonly asset: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly amount: string;
};

describe.skipIf(binary === undefined)("anvil", () => {
  let node: Anvil;
  let accounts: readonly string[] = [];
  let contracts: Readonly<Record<"token" | "payer" | "creator", string>>;
  const random = randomOf(11);
  const pick = (): string => accounts[random(accounts.length)] ?? nobody;
  const fresh = (): string => `0x${word(random(1_000_000) + 1_000_000).slice(24)}`;

  /** Sends a transaction to be mined, with gas enough that nothing is estimated beforehand. */
  const post = async (fields: Readonly<Record<string, string>>): Promise<string> =>
    (await node.ask("eth_sendTransaction", { from: pick(), gas: hex(400_000), ...fields })) as string;
  const mine = async (): Promise<unknown> => node.ask("evm_mine");
  async function deploy(data: string, value = 0): Promise<string> {
    const hash = await post({ from: accounts[0] ?? "", data, value: hex(value) });
    await mine();
    const receipt = (await node.ask("eth_getTransactionReceipt", hash)) as {
      readonly status: string;
      readonly contractAddress: string;
    };
    expect(receipt.status).toBe("0x1");
    return receipt.contractAddress;
  }
  const pay = (token: string, to: string, amount: number): Readonly<Record<string, string>> => ({
    to: token,
    data: `0x${selectors.transfer}${word(to)}${word(amount)}`,
  });

  /** Blocks of everything that moves value, and of what fails to. */
  async function live(blocks: number): Promise<void> {
    const { token, payer, creator } = contracts;
    for (let block = 0; block < blocks; block += 1) {
      for (let left = random(6); left > 0; left -= 1) {
        const value = hex(random(1_000_000_000));
        const kind = random(8);
        const amount = random(1_000);
        const to = random(3) === 0 ? fresh() : pick();
        // The order of transactions is the order in which they were sent.
        if (kind === 0) await post({ to, value });
        else if (kind === 1) await post(pay(token, to, random(50)));
        else if (kind === 2) await post({ from: accounts[0] ?? "", ...pay(token, to, 10_000 + amount) });
        // More than anyone has: the transaction fails.
        else if (kind === 3) await post(pay(token, to, 1_000_000_000));
        // The token refuses money: an inner call that fails beside one that does not.
        else if (kind === 4)
          await post({ to: payer, value, data: `0x${word(token)}${word(9)}${word(to)}${word(amount)}` });
        else if (kind === 5)
          await post({ to: payer, value, data: `0x${word(to)}${word(7)}${word(pick())}${word(amount)}` });
        else if (kind === 6) await post({ to: creator, value });
        else await post({ to: token, value, data: "0x12345678" });
      }
      await mine();
    }
    const leaver = await deploy(leaverCode, 12_345);
    await post({ to: leaver, value: hex(5), data: `0x${word(fresh())}` });
    await mine();
  }

  beforeAll(async () => {
    node = await startAnvil(binary ?? "");
    accounts = (await node.ask("eth_accounts")) as readonly string[];
    contracts = {
      token: await deploy(tokenCode),
      payer: await deploy(payerCode, 1_000),
      creator: await deploy(creatorCode),
    };
  }, 60_000);
  afterAll(() => node.stop());

  type Taken = { readonly done: Ingested; readonly findings: readonly SourceFinding[] };
  async function take(store: PageStore, options: Partial<EvmRpcOptions> = {}): Promise<Taken> {
    const source = evmRpcSource(httpRpc(node.url), chain, { ...all, ...options });
    const writer = await ChainWriter.open(store, { folder: "memory", chain: chain.id, model: "account", finality: 64 });
    const done = await ingest(writer, source, { commitTransactions: 7, onProgress: () => undefined });
    writer.close();
    return { done, findings: source.findings() };
  }
  function dump(store: PageStore): readonly string[] {
    const reader = new LedgerReader(store, "memory");
    const [only] = reader.chains;
    if (only === undefined) throw new Error("an empty ledger");
    expect([...checkChain(only)]).toEqual([]);
    const lines = [...dumpChain(only)];
    reader.close();
    return lines;
  }
  async function dumpOf(options: Partial<EvmRpcOptions> = {}): Promise<readonly string[]> {
    const store = openMemoryStore();
    await take(store, options);
    return dump(store);
  }

  /** What the tips of all transactions come to: the ledger follows a fee nowhere, the node gives the tip to the miner. */
  async function tips(): Promise<bigint> {
    const head = Number(await node.ask("eth_blockNumber"));
    let sum = 0n;
    for (let height = 1; height <= head; height += 1) {
      const { baseFeePerGas } = (await node.ask("eth_getBlockByNumber", hex(height), false)) as {
        readonly baseFeePerGas: string;
      };
      const receipts = (await node.ask("eth_getBlockReceipts", hex(height))) as readonly Readonly<
        Record<"gasUsed" | "effectiveGasPrice", string>
      >[];
      for (const { gasUsed, effectiveGasPrice } of receipts) {
        sum += BigInt(gasUsed) * (BigInt(effectiveGasPrice) - BigInt(baseFeePerGas));
      }
    }
    return sum;
  }

  async function expectBalances(lines: readonly string[]): Promise<void> {
    const transfers = lines.map((line) => JSON.parse(line) as Transfer).filter(({ kind }) => kind !== undefined);
    const balances = new Map<string, Map<string, bigint>>();
    const add = (asset: string, holder: string | null, amount: bigint): void => {
      const of = balances.get(asset) ?? new Map<string, bigint>();
      balances.set(asset, of);
      if (holder !== null) of.set(holder, (of.get(holder) ?? 0n) + amount);
    };
    for (const { asset, from, to, amount } of transfers) {
      add(asset, from, -BigInt(amount));
      add(asset, to, BigInt(amount));
    }
    const token = `${chain.id}/erc20:${contracts.token}`;
    expect([...balances.keys()].toSorted()).toEqual([token, chain.native].toSorted());
    const miner = await tips();
    const [native, tokens] = [balances.get(chain.native), balances.get(token)];
    for (const holder of new Set([...(native?.keys() ?? []), ...(tokens?.keys() ?? []), ...accounts, nobody])) {
      const before = BigInt((await node.ask("eth_getBalance", holder, "0x0")) as string);
      const now = BigInt((await node.ask("eth_getBalance", holder, "latest")) as string);
      const tip = holder === nobody ? miner : 0n;
      expect({ holder, now: before + tip + (native?.get(holder) ?? 0n) }).toEqual({ holder, now });
      const data = `0x${selectors.balanceOf}${word(holder)}`;
      const held = BigInt((await node.ask("eth_call", { to: contracts.token, data }, "latest")) as string);
      expect({ holder, held: tokens?.get(holder) ?? 0n }).toEqual({ holder, held });
    }
    expect((native?.size ?? 0) + (tokens?.size ?? 0)).toBeGreaterThan(25);
  }

  it("every balance of the ledger is the node's, by whichever method it was read", async () => {
    await live(60);
    const store = openMemoryStore();
    const { findings } = await take(store);
    expect(findings).toEqual([]);
    const lines = dump(store);
    await expectBalances(lines);
    const text = lines.join("");
    for (const kind of ["fee", "native", "internal", "token"]) expect(text).toContain(`"kind":"${kind}"`);
    expect(text).toContain('"failed":true');
    expect(text).not.toContain('"internal":"unknown"');
    expect(await dumpOf({ traces: "trace" })).toEqual(lines);
    expect(await dumpOf({ traces: "debug", receipts: "transaction" })).toEqual(lines);
    expect((await take(store)).done).toEqual({ blocks: 0, transactions: 0, rollbacks: 0 });
    expect(dump(store)).toEqual(lines);
    expect((await dumpOf({ traces: "none" })).join("")).toContain('"internal":"unknown"');
  });

  it("a chain that grew, was taken back and went on otherwise is followed exactly", async () => {
    const store = openMemoryStore();
    await take(store);
    const snapshot = await node.ask("evm_snapshot");
    await live(8);
    await take(store);
    await expectBalances(dump(store));
    expect(await node.ask("evm_revert", snapshot)).toBe(true);
    await live(14);
    const { done } = await take(store);
    expect(done.rollbacks).toBeGreaterThan(0);
    expect(dump(store)).toEqual(await dumpOf());
    await expectBalances(dump(store));
  });

  it.each([1, 4, 11])("anvil_reorg, %i blocks deep", async (depth) => {
    const store = openMemoryStore();
    await live(3);
    await take(store);
    const before = dump(store);
    const moved = { from: accounts[1], to: accounts[2], value: hex(77), gas: hex(30_000) };
    await node.ask("anvil_reorg", depth, [[moved, 0]]);
    const { done } = await take(store);
    expect(done.rollbacks).toBeGreaterThan(0);
    expect(dump(store)).not.toEqual(before);
    expect(dump(store)).toEqual(await dumpOf());
    await expectBalances(dump(store));
  });

  it("a node of another chain is refused", async () => {
    const source = evmRpcSource(httpRpc(node.url), knownChain("ethereum"), all);
    const first = async (): Promise<unknown> => {
      for await (const block of source.open({ cursor: "", tip: undefined })) return block;
      return undefined;
    };
    await expect(first()).rejects.toThrow(/a node of the chain eip155:31337, not of Ethereum/u);
  });
});
