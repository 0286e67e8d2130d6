import { createHash } from "node:crypto";
import { address as addresses, Block } from "bitcoinjs-lib";
import { beforeAll, describe, expect, it } from "vitest";
import type { RawBlock } from "../../bench/chain/assemble.ts";
import { utxoBlocks, type UtxoOptions } from "../../bench/chain/utxo.ts";
import { ChainValidator } from "./validate-utxo.ts";

const options = { seed: "test", transactions: 50_000 } as const;

const digest = (chosen: UtxoOptions): string => {
  const hash = createHash("sha256");
  for (const { bytes } of utxoBlocks(chosen)) hash.update(bytes);
  return hash.digest("hex");
};

describe("a random chain of outputs and spends", () => {
  const validator = new ChainValidator();
  const hash = createHash("sha256");
  const kinds = new Map<string, number>();
  let peak = 0;

  beforeAll(() => {
    for (const block of utxoBlocks(options)) {
      hash.update(block.bytes);
      validator.take(block);
      peak = Math.max(peak, block.bytes.length);
    }
    for (const [script, count] of validator.shape.scripts) {
      const kind = kindOf(script);
      kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    }
  }, 60_000);

  it("has exactly the transactions asked for, and keeps every rule", () => {
    expect(validator.shape.transactions).toBe(50_000);
    expect(validator.shape.blocks).toBeGreaterThan(500);
  });

  it("is the same bytes for the same seed, these", () => {
    const first = hash.digest("hex");
    expect(digest(options)).toBe(first);
    expect(first).toBe("876ad3a094907a4e0ec22226820d835808c1e0359899024eb54f1522c6b5e847");
  });

  it("differs by seed", () => {
    const small = { transactions: 500, transactionsPerBlock: 20 };
    expect(digest({ ...small, seed: 1 })).not.toBe(digest({ ...small, seed: 2 }));
  });

  it("has Bitcoin's fan-in and fan-out", () => {
    const { inputs, outputs, transactions, blocks, batches, consolidations } = validator.shape;
    const spending = transactions - blocks;
    expect(inputs / spending).toBeGreaterThan(1.5);
    expect(inputs / spending).toBeLessThan(2.6);
    expect(outputs / spending).toBeGreaterThan(1.9);
    expect(outputs / spending).toBeLessThan(2.8);
    expect(batches).toBeGreaterThan(20);
    expect(consolidations).toBeGreaterThan(5);
  });

  it("spends most outputs within days, some in their own block, some late", () => {
    const ages = validator.shape.ages.toSorted((left, right) => left - right);
    const at = (share: number): number => ages[Math.floor(ages.length * share)] ?? -1;
    expect(at(0)).toBe(0);
    expect(at(0.5)).toBeGreaterThan(5);
    expect(at(0.5)).toBeLessThan(144);
    expect(at(0.99)).toBeGreaterThan(200);
  });

  it("uses addresses again, a few of them very often", () => {
    const { scripts } = validator.shape;
    const counts = [...scripts.values()].toSorted((left, right) => right - left);
    const outputs = counts.reduce((sum, count) => sum + count, 0);
    expect(scripts.size / outputs).toBeGreaterThan(0.45);
    expect(scripts.size / outputs).toBeLessThan(0.85);
    expect((counts[0] ?? 0) / validator.shape.transactions).toBeGreaterThan(0.01);
  });

  it("has every kind of script, and witnesses in most transactions", () => {
    const shares = new Map(
      [...kinds].map(([kind, count]) => [kind, count / [...kinds.values()].reduce((a, b) => a + b)]),
    );
    for (const [kind, least] of Object.entries({ p2pkh: 0.12, p2sh: 0.1, p2wpkh: 0.2, p2wsh: 0.03, p2tr: 0.06 })) {
      expect([kind, (shares.get(kind) ?? 0) > least]).toEqual([kind, true]);
    }
    for (const kind of ["p2pk", "multisig", "other"]) expect([kind, (kinds.get(kind) ?? 0) > 3]).toEqual([kind, true]);
    expect(validator.shape.witnessed / validator.shape.transactions).toBeGreaterThan(0.4);
  });
});

describe("a chain's options", () => {
  const chain = (chosen: Partial<UtxoOptions>): readonly RawBlock[] => [
    ...utxoBlocks({ seed: 3, transactions: 3_000, transactionsPerBlock: 60, ...chosen }),
  ];

  it("a pool too small for the chain loses no rule", () => {
    const validator = new ChainValidator();
    for (const block of chain({ liveMax: 300 })) validator.take(block);
    expect(validator.shape.transactions).toBe(3_000);
  });

  it("a fork shares all below it and nothing from it on", () => {
    const left = chain({ blocks: 120 });
    const right = chain({ blocks: 120, fork: { height: 110, salt: "other" } });
    const validator = new ChainValidator();
    for (const block of right) validator.take(block);
    expect(
      left.map(({ bytes }, at) => Buffer.from(bytes).equals(right[at]?.bytes ?? new Uint8Array())).lastIndexOf(true),
    ).toBe(109);
    expect(right[110]?.parent).toEqual(left[109]?.hash);
  });

  it("addresses of hashed kinds are ones that bitcoinjs-lib writes", () => {
    const validator = new ChainValidator();
    for (const block of chain({})) validator.take(block);
    const hashed = [...validator.shape.scripts.keys()].filter((script) =>
      ["p2pkh", "p2sh", "p2wpkh", "p2wsh"].includes(kindOf(script)),
    );
    expect(hashed.length).toBeGreaterThan(500);
    for (const script of hashed)
      expect(addresses.fromOutputScript(Buffer.from(script, "hex"))).toMatch(/^(?:1|3|bc1q)/u);
  });

  it("the validator finds what is wrong", () => {
    const blocks = chain({});
    const until = (last: number): ChainValidator => {
      const validator = new ChainValidator();
      for (const block of blocks.slice(0, last)) validator.take(block);
      return validator;
    };
    const next = blocks[120];
    if (next === undefined) throw new Error("the chain is too short");
    const poor = until(120);
    poor.unspent.clear();
    expect(() => poor.take(next)).toThrow("is not there to be spent");
    expect(() => until(119).take(next)).toThrow("its height follows");
    const changed = Uint8Array.from(next.bytes, (byte, at) => (at === next.bytes.length - 40 ? byte ^ 1 : byte));
    expect(() => until(120).take({ ...next, bytes: changed })).toThrow("block 120");
    const rich = until(120);
    const [place, output] = [...rich.unspent].find(([one]) => spends(next, one)) ?? ["", undefined];
    if (output === undefined) throw new Error("the block spends nothing from before it");
    rich.unspent.set(place, { ...output, value: output.value + 1n });
    expect(() => rich.take(next)).toThrow("its coinbase pays");
  });

  it("ends early where it is told to", () => expect(chain({ blocks: 7 })).toHaveLength(7));
});

/** Whether a block spends an output, `TXID:VOUT` in internal order. */
function spends({ bytes }: RawBlock, place: string): boolean {
  return (Block.fromBuffer(Buffer.from(bytes)).transactions ?? []).some(({ ins }) =>
    ins.some(({ hash, index }) => `${Buffer.from(hash).toString("hex")}:${index}` === place),
  );
}

function kindOf(script: string): string {
  if (/^76a914.{40}88ac$/u.test(script)) return "p2pkh";
  if (/^a914.{40}87$/u.test(script)) return "p2sh";
  if (/^0014.{40}$/u.test(script)) return "p2wpkh";
  if (/^0020.{64}$/u.test(script)) return "p2wsh";
  if (/^5120.{64}$/u.test(script)) return "p2tr";
  if (/^210[23].{64}ac$/u.test(script)) return "p2pk";
  return /^52.*53ae$/u.test(script) ? "multisig" : "other";
}
