import { createHash } from "node:crypto";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { base58check, bech32 } from "@scure/base";
import { sha256 } from "@noble/hashes/sha2.js";
import type { BlockAssembler, CoinbaseOutput } from "./assemble.ts";
import type { Random } from "./random.ts";
import { printedHash } from "./sink.ts";

/** Somebody in a scenario: a key that follows from a name, with its script and address. No private key is known. */
export type Party = {
  readonly form: "keyHash" | "witnessKey";
  readonly key: Uint8Array;
  /** With its length in front. */
  readonly script: Uint8Array;
  /** As Bitcoin writes it. */
  readonly address: string;
};

/** An output of a planned transaction, in satoshi. */
export type PlannedOutput = { readonly to: Party; readonly value: number };

/** A transaction to be put into a block: what it spends is named `NAME:VOUT`, its fee is what its outputs leave. */
export type PlannedTransaction = {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly PlannedOutput[];
};

/** What a chain is to hold besides its random part. */
export type Plan = {
  /** Paid by the coinbase of block 1, which is named `grant`; spendable from height 101 on. */
  readonly grants: readonly PlannedOutput[];
  /** By height, in the order within the block. */
  readonly blocks: ReadonlyMap<number, readonly PlannedTransaction[]>;
};

/** The party of a name. */
export function party(seed: string, name: string, form: Party["form"] = "witnessKey"): Party {
  const secret = createHash("sha256").update(`${seed}/${name}`).digest();
  const key = Uint8Array.of(2, ...secret);
  const keyHash = ripemd160(sha256(key));
  if (form === "witnessKey") {
    const address = bech32.encode("bc", [0, ...bech32.toWords(keyHash)]);
    return { form, key, script: Uint8Array.of(22, 0, 20, ...keyHash), address };
  }
  const address = base58check(sha256).encode(Uint8Array.of(0, ...keyHash));
  return { form, key, script: Uint8Array.of(25, 0x76, 0xa9, 20, ...keyHash, 0x88, 0xac), address };
}

type Known = { readonly txid: Uint8Array; readonly outputs: readonly PlannedOutput[] };

/** Writes planned transactions into blocks and remembers what they became. */
export class PlanWriter {
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #known = new Map<string, Known>();
  readonly #spent = new Set<string>();

  constructor(plan: Plan, random: Random) {
    this.#plan = plan;
    this.#random = random;
  }

  /** The outputs that the coinbase of a height owes to the plan; they are its first. */
  grants(height: number): readonly CoinbaseOutput[] {
    return height === 1 ? this.#plan.grants.map(({ to, value }) => ({ value, script: to.script })) : [];
  }

  /** Says which transaction paid the grants: the first 32 bytes. */
  granted(txid: Uint8Array): void {
    this.#known.set("grant", { txid: txid.slice(0, 32), outputs: this.#plan.grants });
  }

  /** Writes the transactions of a height; returns their fees. */
  write(height: number, assembler: BlockAssembler): number {
    let fees = 0;
    for (const transaction of this.#plan.blocks.get(height) ?? []) fees += this.#transaction(transaction, assembler);
    return fees;
  }

  /** The ids of what was written, by name, as explorers print them. */
  txids(): ReadonlyMap<string, string> {
    return new Map([...this.#known].map(([name, { txid }]) => [name, printedHash(txid)]));
  }

  #transaction({ name, inputs, outputs }: PlannedTransaction, assembler: BlockAssembler): number {
    const { body } = assembler;
    assembler.open();
    body.reserve(64 + inputs.length * 160 + outputs.length * 40);
    assembler.witness.reserve(inputs.length * 120);
    body.u32(2);
    body.count(inputs.length);
    let rest = 0;
    let hasWitness = false;
    for (const reference of inputs) {
      const spent = this.#input(reference, assembler);
      rest += spent.value;
      hasWitness ||= spent.to.form === "witnessKey";
    }
    body.count(outputs.length);
    for (const { to, value } of outputs) {
      rest -= value;
      body.u64(value);
      body.copy(to.script, 0, to.script.length);
    }
    body.u32(0);
    if (rest < 0) throw new Error(`scenario: ${name} spends ${-rest} more than it has`);
    const at = assembler.close(hasWitness);
    this.#known.set(name, { txid: assembler.txids.slice(at, at + 32), outputs });
    return rest;
  }

  #input(reference: string, { body, witness }: BlockAssembler): PlannedOutput {
    const [name = "", index = ""] = reference.split(":");
    const source = this.#known.get(name);
    const output = source?.outputs[Number(index)];
    if (source === undefined || output === undefined) throw new Error(`scenario: there is no output ${reference}`);
    if (this.#spent.has(reference)) throw new Error(`scenario: ${reference} is spent twice`);
    this.#spent.add(reference);
    body.copy(source.txid, 0, 32);
    body.u32(Number(index));
    const spend = this.#spend(output.to);
    const legacy = output.to.form === "keyHash";
    body.u8(legacy ? spend.length : 0);
    if (legacy) body.copy(spend, 0, spend.length);
    else witness.u8(2);
    body.u32(0xffff_fffd);
    if (legacy) witness.u8(0);
    else witness.copy(spend, 0, spend.length);
    return output;
  }

  /** A signature of random numbers, and the key: 106 bytes. */
  #spend({ key }: Party): Uint8Array {
    const half = (): number[] => [0x20, 1, ...Array.from({ length: 31 }, () => this.#random.u32() & 0xff)];
    return Uint8Array.of(71, 0x30, 68, 2, ...half(), 2, ...half(), 1, 33, ...key);
  }
}
