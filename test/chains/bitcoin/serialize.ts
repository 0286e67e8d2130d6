/** Writes blocks of Bitcoin's family the slow, obvious way; nothing of it comes from `src/`. */
import { createHash } from "node:crypto";

export type TestInput = {
  readonly txid: Buffer;
  readonly index: number;
  readonly script: Buffer;
  readonly witness?: readonly Buffer[];
};
export type TestOutput = { readonly value: bigint; readonly script: Buffer };
export type TestTransaction = {
  readonly version?: number;
  readonly inputs: readonly TestInput[];
  readonly outputs: readonly TestOutput[];
  /** Litecoin's HogEx. */
  readonly hogEx?: boolean;
};

export const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
export const hash256 = (bytes: Uint8Array): Buffer => sha256(sha256(bytes));
export const hash160 = (bytes: Uint8Array): Buffer => createHash("ripemd160").update(sha256(bytes)).digest();
export const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/gu, ""), "hex");

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

export function compactSize(value: number): Buffer {
  if (value < 0xfd) return Buffer.of(value);
  if (value <= 0xffff) return Buffer.of(0xfd, value & 0xff, value >> 8);
  return Buffer.concat([Buffer.of(0xfe), uint32(value)]);
}

const sized = (bytes: Buffer): Buffer => Buffer.concat([compactSize(bytes.length), bytes]);
const list = (items: readonly Buffer[]): Buffer => Buffer.concat([compactSize(items.length), ...items]);

export function inputsAndOutputs({ inputs, outputs }: TestTransaction): Buffer {
  return Buffer.concat([
    list(
      inputs.map(({ txid, index, script }) => Buffer.concat([txid, uint32(index), sized(script), uint32(0xffff_fffe)])),
    ),
    list(outputs.map(({ value, script }) => Buffer.concat([uint64(value), sized(script)]))),
  ]);
}

/** The form that the id is a hash of. */
export function stripped(transaction: TestTransaction): Buffer {
  return Buffer.concat([uint32(transaction.version ?? 2), inputsAndOutputs(transaction), uint32(0)]);
}

/** The form that stands in a block. */
export function full(transaction: TestTransaction): Buffer {
  const witnesses = transaction.inputs.some(({ witness }) => witness !== undefined);
  const flag = (witnesses ? 1 : 0) | (transaction.hogEx === true ? 8 : 0);
  if (flag === 0) return stripped(transaction);
  return Buffer.concat([
    uint32(transaction.version ?? 2),
    Buffer.of(0, flag),
    inputsAndOutputs(transaction),
    ...(witnesses ? transaction.inputs.map(({ witness }) => list((witness ?? []).map(sized))) : []),
    ...(transaction.hogEx === true ? [Buffer.of(0)] : []),
    uint32(0),
  ]);
}

export const txid = (transaction: TestTransaction): Buffer => hash256(stripped(transaction));

export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return only;
  const even = leaves.length % 2 === 0 ? leaves : [...leaves, leaves.at(-1) ?? Buffer.alloc(0)];
  const parents = even.flatMap((left, index) =>
    index % 2 === 0 ? [hash256(Buffer.concat([left, even[index + 1] ?? Buffer.alloc(0)]))] : [],
  );
  return merkleRoot(parents);
}

export type TestHeader = { readonly version?: number; readonly time?: number; readonly parent?: Buffer };

/** 80 bytes. */
export function header(
  { version = 4, time = 1_700_000_000, parent = Buffer.alloc(32, 7) }: TestHeader,
  root: Buffer,
): Buffer {
  return Buffer.concat([uint32(version), parent, root, uint32(time), uint32(0x1d00_ffff), uint32(42)]);
}

/** A block of whole transactions and their ids. */
export function blockOf(
  transactions: readonly { readonly bytes: Buffer; readonly txid: Buffer }[],
  parts: { readonly header?: TestHeader; readonly beforeCount?: Buffer; readonly after?: Buffer } = {},
): Buffer {
  return Buffer.concat([
    header(parts.header ?? {}, merkleRoot(transactions.map((one) => one.txid))),
    parts.beforeCount ?? Buffer.alloc(0),
    list(transactions.map((one) => one.bytes)),
    parts.after ?? Buffer.alloc(0),
  ]);
}

export const whole = (transaction: TestTransaction): { readonly bytes: Buffer; readonly txid: Buffer } => ({
  bytes: full(transaction),
  txid: txid(transaction),
});

/** A coinbase that pays to scripts. */
export function coinbase(
  outputs: readonly TestOutput[],
  script: Buffer = Buffer.of(3, 0x40, 0x42, 0x0f),
): TestTransaction {
  return { inputs: [{ txid: Buffer.alloc(32), index: 0xffff_ffff, script }], outputs };
}

/** A transaction that spends `count` outputs of an invented one. */
export function spending(count: number, outputs: readonly TestOutput[], witness?: readonly Buffer[]): TestTransaction {
  const inputs = Array.from({ length: count }, (_, index) => ({
    txid: sha256(uint32(index)),
    index,
    script: Buffer.alloc(index % 3, 0x51),
    ...(witness === undefined ? {} : { witness }),
  }));
  return { inputs, outputs };
}

/** Standard scripts. */
export const scripts = {
  p2pkh: (hash: Buffer): Buffer => Buffer.concat([fromHex("76a914"), hash, fromHex("88ac")]),
  p2sh: (hash: Buffer): Buffer => Buffer.concat([fromHex("a914"), hash, fromHex("87")]),
  p2pk: (key: Buffer): Buffer => Buffer.concat([Buffer.of(key.length), key, fromHex("ac")]),
  witness: (version: number, program: Buffer): Buffer =>
    Buffer.concat([Buffer.of(version === 0 ? 0 : 0x50 + version, program.length), program]),
  multisig: (required: number, keys: readonly Buffer[]): Buffer =>
    Buffer.concat([
      number(required),
      ...keys.map((key) => Buffer.concat([Buffer.of(key.length), key])),
      number(keys.length),
      fromHex("ae"),
    ]),
  data: (data: Buffer): Buffer => Buffer.concat([fromHex("6a"), Buffer.of(data.length), data]),
} as const;

const number = (value: number): Buffer => (value <= 16 ? Buffer.of(0x50 + value) : Buffer.of(1, value));

/** The generator of secp256k1, and its compressed form. SEC 2, section 2.4.1. */
export const fullKey = fromHex(
  "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798" +
    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
);
export const shortKey = Buffer.concat([Buffer.of(2), fullKey.subarray(1, 33)]);
