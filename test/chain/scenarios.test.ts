import { createHash } from "node:crypto";
import { address as addresses, Block, type Transaction } from "bitcoinjs-lib";
import { describe, expect, it } from "vitest";
import { scenario, scenarioNames, type UtxoScenario, type UtxoScenarioName } from "../../bench/chain/scenarios.ts";
import { ChainValidator } from "./validate-utxo.ts";

/** The transactions of a scenario's blocks, by id; every block on its branch is held against the rules. */
function decoded(told: UtxoScenario): ReadonlyMap<string, Transaction> {
  const all = new Map<string, Transaction>();
  const hash = (bytes: Uint8Array): string => Buffer.from(bytes.toReversed()).toString("hex");
  const stale = new Set(told.stale);
  for (const branch of [told.blocks.filter((block) => !stale.has(hash(block.hash))), staleBranch(told)]) {
    const validator = new ChainValidator();
    for (const block of branch) for (const one of validator.take(block)) all.set(one.getId(), one);
  }
  return all;
}

/** The blocks of the branch that is given up, from the first on. */
const staleBranch = (told: UtxoScenario): UtxoScenario["blocks"] => {
  const first = told.blocks.findIndex((block, at) => block.height <= (told.blocks[at - 1]?.height ?? -1));
  return first < 0 ? [] : told.blocks.slice(0, first);
};

const outputOf = (all: ReadonlyMap<string, Transaction>, reference: string): { address: string; value: bigint } => {
  const [txid = "", index = ""] = reference.split(":");
  const output = all.get(txid)?.outs[Number(index)];
  if (output === undefined) throw new Error(`there is no ${reference}`);
  return { address: addresses.fromOutputScript(output.script), value: output.value };
};

/** The references that a named output's transaction spends. */
const inputsOf = (all: ReadonlyMap<string, Transaction>, txid: string | undefined): readonly string[] =>
  (all.get(txid ?? "")?.ins ?? []).map(
    ({ hash, index }) => `${Buffer.from(hash.toReversed()).toString("hex")}:${index}`,
  );

const alone = (name: UtxoScenarioName): UtxoScenario => scenario(name, { model: "utxo", seed: 1 });

describe("every scenario of outputs and spends", () => {
  it.each(scenarioNames.utxo)("%s keeps every rule, alone and in a crowd, and names what is there", (name) => {
    for (const transactions of [0, 400]) {
      const told = scenario(name, { model: "utxo", seed: 1, transactions });
      const all = decoded(told);
      const known = new Set(Object.values(told.addresses));
      expect(Object.keys(told.names).length).toBeGreaterThan(1);
      for (const reference of Object.values(told.names)) expect(known).toContain(outputOf(all, reference).address);
      for (const txid of Object.values(told.txids)) expect(all.has(txid)).toBe(true);
    }
  });

  it("is the same for the same seed, and differs by it", () => {
    expect(alone("peel-3")).toEqual(alone("peel-3"));
    expect(alone("peel-3").names).not.toEqual(scenario("peel-3", { model: "utxo", seed: 2 }).names);
  });

  it("is these bytes", () => {
    const hash = createHash("sha256");
    for (const name of scenarioNames.utxo) for (const { bytes } of alone(name).blocks) hash.update(bytes);
    expect(hash.digest("hex")).toBe("9764f8c89208a5af3b771a4a4bd1418a960ccba819135c832d5e17a637739e55");
  });
});

describe("what scenarios of outputs and spends tell", () => {
  it.each([3, 20])("peel-%i passes the rest on at each hop", (hops) => {
    const told = alone(`peel-${hops}` as "peel-3" | "peel-20");
    const all = decoded(told);
    let coin = told.names["theft"];
    for (let hop = 1; hop <= hops; hop += 1) {
      expect(inputsOf(all, told.txids[`peel-${hop}`])).toEqual([coin]);
      expect(outputOf(all, told.names[`peel-${hop}`] ?? "").address).toBe(told.addresses[`deposit-${hop}`]);
      coin = told.names[`rest-${hop}`];
    }
    expect(told.names["rest"]).toBe(coin);
  });

  it("coinjoin has five equal outputs and five changes", () => {
    const told = alone("coinjoin");
    const values =
      decoded(told)
        .get(told.txids["mix"] ?? "")
        ?.outs.map(({ value }) => value) ?? [];
    expect(values.filter((value) => value === 100_000_000n)).toHaveLength(5);
    expect(new Set(values)).toHaveLength(6);
  });

  it("fan-out, fan-in and consolidation have their sides", () => {
    const sides = (name: UtxoScenarioName, transaction: string): readonly (number | undefined)[] => {
      const told = alone(name);
      const one = decoded(told).get(told.txids[transaction] ?? "");
      return [one?.ins.length, one?.outs.length];
    };
    expect(sides("fan-out", "fan-out")).toEqual([1, 50]);
    expect(sides("fan-in", "fan-in")).toEqual([30, 1]);
    expect(sides("consolidation", "merge")).toEqual([5, 1]);
    expect(sides("exchange-deposit", "sweep")).toEqual([10, 1]);
  });

  it("commingle spends both thefts together", () => {
    const told = alone("commingle");
    expect(inputsOf(decoded(told), told.txids["meet"])).toEqual([told.names["theft-a"], told.names["theft-b"]]);
  });

  it("dormant rests for 300 blocks", () => {
    const told = alone("dormant");
    const heights = ["theft", "wake"].map((name) => {
      const has = ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
        (Block.fromBuffer(Buffer.from(bytes)).transactions ?? []).some((one) => one.getId() === told.txids[name]);
      return told.blocks.find(has)?.height ?? 0;
    });
    expect((heights[1] ?? 0) - (heights[0] ?? 0)).toBe(300);
  });

  it.each([2, 6])("reorg-%i gives up so many blocks for a longer branch that spends the theft otherwise", (depth) => {
    const told = alone(`reorg-${depth}` as "reorg-2" | "reorg-6");
    const all = decoded(told);
    expect(told.stale).toHaveLength(depth);
    const stale = staleBranch(told);
    expect(told.blocks.length - stale.length).toBeGreaterThan(depth);
    expect(told.blocks.at(stale.length)?.height).toBe((stale.at(-1)?.height ?? 0) - depth + 1);
    for (const move of ["stale-move", "move"]) expect(inputsOf(all, told.txids[move])).toEqual([told.names["theft"]]);
    expect(outputOf(all, told.names["stale"] ?? "").address).toBe(told.addresses["mixer"]);
    expect(outputOf(all, told.names["moved"] ?? "").address).toBe(told.addresses["deposit"]);
  });
});

describe("every scenario of accounts", () => {
  it.each(scenarioNames.transfers)("%s as rows: names are rows, balances are covered", (name) => {
    for (const transactions of [0, 500]) {
      const told = scenario(name, { model: "transfers", seed: 1, transactions });
      const rows = told.file
        .toString()
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","));
      const references = new Set(rows.map((row) => `${row[3]}:${row[4]}`));
      for (const reference of Object.values(told.names)) expect(references).toContain(reference);
      const balances = new Map<string, bigint>();
      for (const [, , , , , from = "", to = "", asset = "", amount = ""] of rows) {
        const left = (balances.get(from + asset) ?? 0n) - BigInt(amount);
        if (from !== "" && left < 0n) throw new Error(`${from} lacks ${-left}`);
        balances.set(from + asset, left);
        balances.set(to + asset, (balances.get(to + asset) ?? 0n) + BigInt(amount));
      }
    }
  });

  it.each(scenarioNames.evm)("%s as EVM blocks: chained, names are of its transactions", (name) => {
    const told = scenario(name, { model: "evm", seed: 1 });
    const hashes = new Set(told.blocks.map(({ hash }) => hash));
    for (const { parent, number } of told.blocks) expect(number === 0 || hashes.has(parent)).toBe(true);
    expect(told.stale.every((hash) => hashes.has(hash))).toBe(true);
    const known = new Set(
      told.blocks.flatMap(({ receipts }) =>
        receipts.map((one) => (one as { transactionHash: string }).transactionHash),
      ),
    );
    for (const reference of Object.values(told.names)) expect(known).toContain(reference.split(":")[0]);
  });

  it("swap has both legs in one transaction, in rows and in EVM blocks", () => {
    for (const told of [
      scenario("swap", { model: "transfers", seed: 1 }),
      scenario("swap", { model: "evm", seed: 1 }),
    ]) {
      expect(told.names["sold"]?.split(":")[0]).toBe(told.names["bought"]?.split(":")[0]);
      expect(told.names["sold"]).not.toBe(told.names["bought"]);
    }
  });

  it("a name that a model lacks is refused", () => {
    expect(() => scenario("coinjoin" as "swap", { model: "transfers", seed: 1 })).toThrow('has no "coinjoin"');
  });
});
