/** Forms that the real blocks at hand do not have, written by an independent serialiser. */
import { describe, expect, test } from "vitest";
import { chain } from "../../../src/base/chains.ts";
import { isFailure } from "../../../src/base/failure.ts";
import { ownerKinds, type UtxoBlock } from "../../../src/chains/block.ts";
import { decodeBlock } from "../../../src/chains/bitcoin/block.ts";
import { ownerOfAddress, ownerText } from "../../../src/chains/bitcoin/owner.ts";
import { cursorOf } from "../../../src/chains/bitcoin/reader.ts";
import { kindAt } from "../../../src/chains/bitcoin/script.ts";
import { layoutOf } from "../../../src/chains/bitcoin/transaction.ts";
import { measureZcashTransaction, zcashTxidInto } from "../../../src/chains/bitcoin/zcash.ts";
import {
  blockOf,
  coinbase,
  compactSize,
  fromHex,
  full,
  fullKey,
  hash160,
  hash256,
  header,
  inputsAndOutputs,
  merkleRoot,
  scripts,
  sha256,
  shortKey,
  spending,
  txid,
  uint32,
  whole,
  type TestOutput,
  type TestTransaction,
} from "./serialize.ts";
import { zcashVectors } from "./zcash-vectors.ts";

const hash = hash160(Buffer.of(7));
const program = sha256(Buffer.of(8));
const pay = (script: Buffer, value = 1000n): TestOutput => ({ value, script });
const reward = coinbase([pay(scripts.p2pkh(hash), 5_000_000_000n)]);

function owners(alias: string, block: UtxoBlock): readonly (string | undefined)[] {
  return Array.from(block.owners.kinds, (_, row) =>
    ownerText(chain(alias), kindAt(block.owners, row), block.owners.identities.subarray(row * 32, row * 32 + 32)),
  );
}
const why = (alias: string, bytes: Buffer): string => {
  try {
    decodeBlock(chain(alias), bytes);
    return "accepted";
  } catch (error) {
    if (isFailure(error, "SOURCE_INVALID")) return error.message;
    throw error;
  }
};
const block = (...transactions: readonly TestTransaction[]): Buffer => blockOf([reward, ...transactions].map(whole));

describe("transactions", () => {
  test("ids leave witnesses out; some inputs have none", () => {
    const mixed = spending(3, [pay(scripts.witness(0, hash))], [fromHex("aa"), Buffer.alloc(300, 1)]);
    const [first, ...others] = mixed.inputs;
    const some = { ...mixed, inputs: [...(first === undefined ? [] : [{ ...first, witness: [] }]), ...others] };
    const decoded = decodeBlock(chain("bitcoin"), block(mixed, { ...some, version: 1 }));
    expect(Buffer.from(decoded.txids.subarray(32, 64))).toEqual(txid(mixed));
    expect(Buffer.from(decoded.txids.subarray(64, 96))).toEqual(txid({ ...some, version: 1 }));
    expect([...decoded.inputStart]).toEqual([0, 1, 4, 7]);
    expect(decoded.height).toBe(1_000_000);
  });

  test("hundreds of inputs and outputs", () => {
    const outputs = Array.from({ length: 300 }, (_, index) => pay(scripts.p2sh(hash), BigInt(index)));
    const decoded = decodeBlock(
      chain("bitcoin"),
      block(spending(253, outputs), spending(70_000, [pay(Buffer.alloc(0))])),
    );
    expect([...decoded.inputStart]).toEqual([0, 1, 254, 70_254]);
    expect([...decoded.values.subarray(1, 301)]).toEqual(outputs.map(({ value }) => value));
    expect([...decoded.spentIndexes.subarray(1, 254)]).toEqual(Array.from({ length: 253 }, (_, index) => index));
    expect(decoded.spentIndexes[0]).toBe(0xffff_ffff);
  });

  test.each([
    [
      "a witness form without witnesses",
      (one: Buffer) =>
        Buffer.concat([one.subarray(0, 4), fromHex("0001"), one.subarray(4, -4), Buffer.of(0), one.subarray(-4)]),
      /has none/u,
    ],
    [
      "an unknown flag",
      (one: Buffer) => Buffer.concat([one.subarray(0, 4), fromHex("0002"), one.subarray(4)]),
      /unknown flag 2/u,
    ],
    [
      "no inputs",
      (one: Buffer) => Buffer.concat([one.subarray(0, 4), fromHex("0000"), one.subarray(-4)]),
      /unknown flag 0/u,
    ],
    [
      "a count not in its shortest form",
      (one: Buffer) => Buffer.concat([one.subarray(0, 4), fromHex("fd0100"), one.subarray(5)]),
      /shortest form/u,
    ],
    [
      "absurdly many inputs",
      (one: Buffer) => Buffer.concat([one.subarray(0, 4), fromHex("fe00000002"), one.subarray(5)]),
      /claims 33554432 inputs/u,
    ],
    [
      "more than a node reads",
      (one: Buffer) => Buffer.concat([one.subarray(0, 4), fromHex("ff0000000001000000"), one.subarray(5)]),
      /absurdly large/u,
    ],
  ] as const)("%s: refused", (_name, change, reason) => {
    const one = full(spending(1, [pay(scripts.p2pkh(hash))]));
    const changed = change(one);
    expect(why("bitcoin", blockOf([whole(reward), { bytes: changed, txid: hash256(changed) }]))).toMatch(reason);
  });

  test("values beyond the cap: refused, alone and together", () => {
    const cap = 2_100_000_000_000_000n;
    const script = scripts.p2pkh(hash);
    expect(why("bitcoin", block(spending(1, [pay(script, cap)])))).toBe("accepted");
    expect(why("bitcoin", block(spending(1, [pay(script, cap + 1n)])))).toMatch(/more than the chain/u);
    expect(why("bitcoin", block(spending(1, [pay(script, cap), pay(script, 1n)])))).toMatch(/more than the chain/u);
    expect(why("bitcoin", block(spending(1, [pay(script, -1n)])))).toMatch(/more than the chain/u);
    expect(why("dogecoin", block(spending(1, [pay(script, 10n ** 18n)])))).toBe("accepted");
    expect(why("dogecoin", block(spending(1, [pay(script, 10n ** 18n + 1n)])))).toMatch(/more than the chain/u);
    const two = Array.from({ length: 4 }, () => pay(script, 0x3fff_ffff_ffff_ffffn));
    expect(why("dogecoin", block(spending(1, two)))).toMatch(/more than the chain/u);
  });
});

describe("blocks", () => {
  test("repeated last transactions (CVE-2012-2459): refused, though the Merkle root is the same", () => {
    const others = [1, 2].map((count) => whole(spending(count, [pay(scripts.p2pkh(hash))])));
    const honest = [whole(reward), ...others];
    const repeated = [...honest, ...honest.slice(-1)];
    expect(merkleRoot(repeated.map((one) => one.txid))).toEqual(merkleRoot(honest.map((one) => one.txid)));
    expect(why("bitcoin", blockOf(honest))).toBe("accepted");
    expect(why("bitcoin", blockOf(repeated))).toMatch(/repeated/u);
  });

  test("broken ones: refused", () => {
    const whole0 = block(spending(1, [pay(scripts.p2pkh(hash))]));
    expect(why("bitcoin", Buffer.concat([whole0, Buffer.of(0)]))).toMatch(/1 bytes follow/u);
    for (const length of [0, 4, 79, 80, 81, 100, whole0.length - 1]) {
      expect(why("bitcoin", whole0.subarray(0, length))).toMatch(/too soon|too few/u);
    }
    expect(why("bitcoin", blockOf([whole(spending(1, [pay(hash)]))]))).toMatch(/no coinbase/u);
    expect(why("bitcoin", block(reward))).toMatch(/repeated|spends nothing/u);
    expect(why("bitcoin", block(coinbase([pay(hash)])))).toMatch(/spends nothing/u);
    expect(why("bitcoin", Buffer.concat([header({}, hash256(hash)), Buffer.of(0)]))).toMatch(/no transaction/u);
    const changed = Buffer.from(whole0);
    changed[changed.length - 10] = (changed.at(-10) ?? 0) ^ 1;
    expect(why("bitcoin", changed)).toMatch(/Merkle root/u);
  });

  test("the bytes are not kept", () => {
    const bytes = block(spending(1, [pay(scripts.p2pkh(hash))]));
    const before = decodeBlock(chain("bitcoin"), bytes);
    const copy = structuredClone(before);
    bytes.fill(0xff);
    expect(before).toEqual(copy);
  });

  test("an unknown chain is no default", () => {
    expect(() => chain("bitcorn")).toThrow(/unknown chain/u);
    expect(() => decodeBlock(chain("ethereum"), Buffer.alloc(0))).toThrow(/family/u);
  });

  test.each([
    ["3 bytes", fromHex("03 40420f"), 4, 1_700_000_000, 1_000_000],
    ["behind other pushes", fromHex("04 ffff001d 03 40420f"), 4, 1_700_000_000, undefined],
    ["version 1", fromHex("03 40420f"), 1, 1_700_000_000, undefined],
    ["before BIP-34", fromHex("03 40420f"), 2, 1_350_000_000, undefined],
    ["below its height", fromHex("03 1b7a03"), 2, 1_700_000_000, undefined],
    ["at its height", fromHex("03 5b7a03"), 2, 1_700_000_000, 227_931],
    ["not in its shortest form", fromHex("04 40420f00"), 4, 1_700_000_000, undefined],
    ["negative", fromHex("03 40428f"), 4, 1_700_000_000, undefined],
    ["cut off", fromHex("03 4042"), 4, 1_700_000_000, undefined],
  ] as const)("the stated height: %s", (...[, script, version, time, height]) => {
    const bytes = blockOf([whole(coinbase([pay(hash)], script))], { header: { version, time } });
    expect(decodeBlock(chain("bitcoin"), bytes).height).toBe(height);
  });

  test.each([
    [1, "51"],
    [16, "60"],
    [17, "0111"],
    [127, "017f"],
    [128, "028000"],
    [32_768, "03008000"],
  ] as const)("height %i on signet", (height, script) => {
    const bytes = blockOf([whole(coinbase([pay(hash)], fromHex(`${script}00`)))]);
    expect(decodeBlock(chain("signet"), bytes).height).toBe(height);
  });
});

describe("owners", () => {
  const keys = Array.from({ length: 20 }, (_, index) => Buffer.concat([Buffer.of(2), sha256(Buffer.of(index))]));
  const cases: readonly (readonly [
    name: string,
    script: Buffer,
    kind: number,
    address: string | RegExp | undefined,
  ])[] = [
    ["P2PKH", scripts.p2pkh(hash160(shortKey)), ownerKinds.key, "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"],
    ["P2PK, short", scripts.p2pk(shortKey), ownerKinds.key, "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"],
    ["P2PK, full", scripts.p2pk(fullKey), ownerKinds.key, "1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm"],
    [
      "P2SH",
      scripts.p2sh(fromHex("bcfeb728b584253d5f3f70bcb780e9ef218a68f4")),
      ownerKinds.script,
      "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN",
    ],
    // BIP-173 and BIP-350, test vectors.
    [
      "P2WPKH",
      scripts.witness(0, hash160(shortKey)),
      ownerKinds.witnessKey,
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ],
    [
      "P2WSH",
      scripts.witness(0, fromHex("1863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262")),
      ownerKinds.witnessScript,
      "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3",
    ],
    [
      "P2TR",
      scripts.witness(1, fullKey.subarray(1, 33)),
      ownerKinds.taproot,
      "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ],
    ["a later witness version", scripts.witness(2, program), ownerKinds.other, /^script:/u],
    ["witness version 0 of 24 bytes", scripts.witness(0, program.subarray(8)), ownerKinds.other, /^script:/u],
    ["1 of 1", scripts.multisig(1, [shortKey]), ownerKinds.multisig, /^multisig:/u],
    ["2 of 3, mixed", scripts.multisig(2, [shortKey, fullKey, shortKey]), ownerKinds.multisig, /^multisig:/u],
    ["16 of 17", scripts.multisig(16, keys.slice(0, 17)), ownerKinds.multisig, /^multisig:/u],
    ["20 of 20", scripts.multisig(20, keys), ownerKinds.multisig, /^multisig:/u],
    ["keys by PUSHDATA1", fromHex(`51 4c21 ${shortKey.toString("hex")} 51ae`), ownerKinds.multisig, /^multisig:/u],
    ["21 keys", scripts.multisig(1, [...keys, shortKey]), ownerKinds.other, /^script:/u],
    ["3 of 2", scripts.multisig(3, keys.slice(0, 2)), ownerKinds.other, /^script:/u],
    ["0 of 1", fromHex(`00 21 ${shortKey.toString("hex")} 51ae`), ownerKinds.other, /^script:/u],
    ["1 of 2 with one key", fromHex(`51 21 ${shortKey.toString("hex")} 52ae`), ownerKinds.other, /^script:/u],
    ["multisig and more", fromHex(`51 21 ${shortKey.toString("hex")} 51 51 ae`), ownerKinds.other, /^script:/u],
    ["m not in its shortest form", fromHex(`0101 21 ${shortKey.toString("hex")} 51 ae`), ownerKinds.other, /^script:/u],
    ["no key", fromHex("5151ae"), ownerKinds.other, /^script:/u],
    ["a broken key", fromHex(`51 21 05${"00".repeat(32)} 51ae`), ownerKinds.other, /^script:/u],
    ["cut off multisig", fromHex("5121ae"), ownerKinds.other, /^script:/u],
    ["P2PK of no key", scripts.p2pk(Buffer.alloc(33, 5)), ownerKinds.other, /^script:/u],
    ["OP_RETURN", scripts.data(Buffer.from("hello")), ownerKinds.none, undefined],
    ["OP_RETURN and rubbish", fromHex("6a4cff"), ownerKinds.none, undefined],
    ["empty", Buffer.alloc(0), ownerKinds.other, `script:${sha256(Buffer.alloc(0)).toString("hex")}`],
    ["anything", fromHex("51"), ownerKinds.other, `script:${sha256(fromHex("51")).toString("hex")}`],
  ];

  test.each(cases)("%s", (_name, script, kind, text) => {
    const decoded = decodeBlock(chain("bitcoin"), block(spending(1, [pay(script)])));
    expect(decoded.owners.kinds[1]).toBe(kind);
    const [, written] = owners("bitcoin", decoded);
    if (text instanceof RegExp) expect(written).toMatch(text);
    else expect(written).toBe(text);
    if (written === undefined || /^(?:script|multisig):/u.test(written)) return;
    const back = ownerOfAddress(chain("bitcoin"), written);
    expect(back.kind).toBe(kind);
    expect(back.identity).toEqual(decoded.owners.identities.slice(32, 64));
  });

  test.each([
    ["testnet4", "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"],
    ["regtest", "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"],
    ["litecoin", "LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"],
  ])("on %s", (alias, key, witness) => {
    const bytes = block(spending(1, [pay(scripts.p2pk(shortKey)), pay(scripts.witness(0, hash160(shortKey)))]));
    expect(owners(alias, decodeBlock(chain(alias), bytes)).slice(1)).toEqual([key, witness]);
  });

  test("a witness program is a plain script where there is no SegWit", () => {
    const script = scripts.witness(0, hash);
    const text = `script:${sha256(script).toString("hex")}`;
    expect(owners("dogecoin", decodeBlock(chain("dogecoin"), block(spending(1, [pay(script)]))))[1]).toBe(text);
  });

  test("addresses of owners without a kind of their own are scripts", () => {
    const anchor = ownerOfAddress(chain("bitcoin"), "bc1pfeessrawgf");
    expect([anchor.kind, Buffer.from(anchor.identity)]).toEqual([ownerKinds.other, sha256(fromHex("51024e73"))]);
  });
});

describe("Bitcoin Cash: scripts by a hash of 32 bytes", () => {
  // The first is of the CashTokens proposal's test vectors, the second of Knuth's (`payment_address`).
  test.each([
    [
      "pvqqqqqqqqqqqqqqqqqqqqqqzg69v7ysqqqqqqqqqqqqqqqqqqqqqpkp7fqn0",
      "0000000000000000000000000000123456789000000000000000000000000000",
    ],
    [
      "pvstqkm54dtvnpyqxt5m5n7sjsn4enrlxc526xyxlnjkaycdzfeu69reyzmqx",
      "20b05b74ab56c9848032e9ba4fd094275ccc7f3628ad1886fce56e930d1273cd",
    ],
  ])("%s", (address, digits) => {
    const script = fromHex(`aa20 ${digits} 87`);
    const bytes = block(spending(1, [pay(script), pay(script.subarray(0, 34))]));
    const decoded = decodeBlock(chain("bitcoin-cash"), bytes);
    expect(owners("bitcoin-cash", decoded)[1]).toBe(address);
    const owner = ownerOfAddress(chain("bitcoin-cash"), address);
    expect([owner.kind, Buffer.from(owner.identity).toString("hex")]).toEqual([ownerKinds.longScript, digits]);
    expect([...decoded.owners.kinds]).toContain(ownerKinds.longScript);
    // Without its last byte, and on other chains, it is a script like any other.
    expect(owners("bitcoin-cash", decoded)[2]).toMatch(/^script:/u);
    const elsewhere = owners("bitcoin", decodeBlock(chain("bitcoin"), bytes));
    expect(elsewhere[1]).toBe(`script:${sha256(script).toString("hex")}`);
  });
});

describe("Bitcoin Cash: tokens", () => {
  const category = "ab".repeat(32);
  const script = scripts.p2pkh(hash);
  const token = (prefix: string): Buffer => Buffer.concat([fromHex(`ef ${category} ${prefix}`), script]);
  // CHIP-2022-02-CashTokens, "Token Prefix Encoding Test Vectors": amounts, capabilities, commitments.
  test.each([
    "10 01",
    "10 fc",
    "10 fdfd00",
    "10 feffffffff",
    "10 ffffffffffffffff7f",
    "20",
    "30 01",
    "60 01 cc",
    "71 0a cccccccccccccccccccc fe00000100",
    "72 28" + "cc".repeat(40) + "01",
  ])("%s", (prefix) => {
    const decoded = decodeBlock(chain("bitcoin-cash"), block(spending(1, [pay(token(prefix)), pay(script)])));
    const [, held, bare] = owners("bitcoin-cash", decoded);
    expect(held).toBe(bare);
    expect(bare).toMatch(/^q/u);
    expect(owners("bitcoin", decodeBlock(chain("bitcoin"), block(spending(1, [pay(token(prefix))]))))[1]).toMatch(
      /^script:/u,
    );
  });
  test.each([
    "00",
    "10 00",
    "10 fdfc00",
    "10 ffffffffffffffffff",
    "11 01",
    "23",
    "40 01cc",
    "60 00",
    "80",
    "90 01",
    "61 29",
    "10",
  ])("malformed, %s", (prefix) => {
    const decoded = decodeBlock(chain("bitcoin-cash"), block(spending(1, [pay(token(prefix))])));
    expect(owners("bitcoin-cash", decoded)[1]).toMatch(/^script:/u);
  });
  test("a token alone has an empty script", () => {
    const decoded = decodeBlock(chain("bitcoin-cash"), block(spending(1, [pay(fromHex(`ef${category}1001`))])));
    expect(owners("bitcoin-cash", decoded)[1]).toBe(`script:${sha256(Buffer.alloc(0)).toString("hex")}`);
  });
});

describe("Litecoin: MWEB", () => {
  const hogEx = { ...spending(2, [pay(scripts.witness(8, program)), pay(scripts.p2pkh(hash), 5n)]), hogEx: true };
  const body = (...parts: readonly Buffer[]): Buffer =>
    // Version byte, height, five hashes, two counts.
    Buffer.concat([Buffer.of(1, 0x80, 0x7f), Buffer.alloc(160, 3), Buffer.of(0x87, 0x01, 5), ...parts]);
  const bytes33 = Buffer.alloc(33, 2);
  const input = Buffer.concat([Buffer.of(1), Buffer.alloc(32), bytes33, bytes33, bytes33, Buffer.alloc(64)]);
  const extra = Buffer.concat([Buffer.of(2), Buffer.alloc(32), bytes33, bytes33, Buffer.of(2, 0, 0), Buffer.alloc(64)]);
  const output = Buffer.concat([bytes33, bytes33, bytes33, Buffer.of(1), Buffer.alloc(58), Buffer.alloc(675 + 64)]);
  const kernel = Buffer.concat([
    Buffer.of(0x1f, 5, 0x80, 0x00, 1, 7, 2, 0x51, 0x51, 9),
    bytes33,
    bytes33,
    Buffer.alloc(64),
  ]);
  const after = body(Buffer.of(2), input, extra, Buffer.of(1), output, Buffer.of(1), kernel);
  const transactions = [reward, spending(1, [pay(scripts.p2pkh(hash))]), hogEx].map(whole);

  test("is moved over; the HogEx's id leaves the flag out", () => {
    const decoded = decodeBlock(chain("litecoin"), blockOf(transactions, { after }));
    expect(Buffer.from(decoded.txids.subarray(64))).toEqual(txid(hogEx));
    expect([...decoded.values]).toEqual([5_000_000_000n, 1000n, 1000n, 5n]);
    expect(owners("litecoin", decoded)[3]).toMatch(/^L/u);
  });

  test("broken: refused", () => {
    expect(why("litecoin", blockOf(transactions))).toMatch(/too soon/u);
    expect(why("litecoin", blockOf(transactions, { after: Buffer.of(0) }))).toMatch(/missing/u);
    expect(why("litecoin", blockOf(transactions, { after: after.subarray(0, -1) }))).toMatch(/too soon/u);
    expect(why("litecoin", blockOf(transactions, { after: Buffer.concat([after, Buffer.of(0)]) }))).toMatch(
      /1 bytes follow/u,
    );
    expect(why("litecoin", blockOf(transactions.toReversed(), { after }))).toMatch(/follows its HogEx/u);
    expect(why("bitcoin", blockOf(transactions, { after }))).toMatch(/unknown flag 8/u);
  });
});

describe("Dogecoin: merged mining", () => {
  const parentCoinbase = full(coinbase([pay(hash)]));
  const branch = (count: number): Buffer => Buffer.concat([compactSize(count), Buffer.alloc(32 * count, 1), uint32(0)]);
  const auxPow = Buffer.concat([parentCoinbase, Buffer.alloc(32), branch(3), branch(0), Buffer.alloc(80, 6)]);
  const transactions = [whole(reward)];
  const merged = { version: 0x0062_0104 };

  test("is moved over where the version says so", () => {
    const bytes = blockOf(transactions, { header: merged, beforeCount: auxPow });
    const decoded = decodeBlock(chain("dogecoin"), bytes);
    expect(Buffer.from(decoded.hash)).toEqual(hash256(bytes.subarray(0, 80)));
    expect(owners("dogecoin", decoded)[0]).toMatch(/^D/u);
    expect(why("bitcoin", bytes)).not.toBe("accepted");
    expect(why("dogecoin", blockOf(transactions, { header: merged }))).not.toBe("accepted");
    expect(why("dogecoin", blockOf(transactions, { header: { version: 0x0062_0004 } }))).toBe("accepted");
  });
});

describe("Zcash", () => {
  test.each(zcashVectors)("published: %s", (_name, text, id) => {
    const bytes = fromHex(text);
    const [cursor, layout, target] = [cursorOf(bytes, "transaction", ""), layoutOf(1), new Uint8Array(32)];
    measureZcashTransaction(cursor, layout, 0);
    expect(cursor.at).toBe(bytes.length);
    zcashTxidInto(bytes, layout, 0, target);
    expect(Buffer.from(target.toReversed()).toString("hex")).toBe(id);
  });

  const zcashBlock = (transactions: readonly { readonly bytes: Buffer; readonly txid: Buffer }[]): Buffer => {
    const root = merkleRoot(transactions.map((one) => one.txid));
    const head = [
      uint32(4),
      Buffer.alloc(32, 7),
      root,
      Buffer.alloc(32),
      uint32(1_700_000_000),
      uint32(0),
      Buffer.alloc(32),
    ];
    const body = [compactSize(1344), Buffer.alloc(1344, 1), compactSize(transactions.length)];
    return Buffer.concat([...head, ...body, ...transactions.map(({ bytes }) => bytes)]);
  };
  const hashed = (...parts: readonly Buffer[]): { readonly bytes: Buffer; readonly txid: Buffer } => {
    const bytes = Buffer.concat(parts);
    return { bytes, txid: hash256(bytes) };
  };
  const v4 = (one: TestTransaction, shielded = Buffer.alloc(3)): ReturnType<typeof hashed> =>
    hashed(fromHex("04000080 85202f89"), inputsAndOutputs(one), Buffer.alloc(8), Buffer.alloc(8), shielded);
  const script = scripts.p2pkh(hash);

  test("transparent parts of all versions", () => {
    const one = spending(2, [pay(script, 9n)]);
    const joinsplits = (size: number): Buffer =>
      Buffer.concat([Buffer.of(2), Buffer.alloc(2 * size), Buffer.alloc(96)]);
    const shielded = Buffer.concat([
      Buffer.of(1),
      Buffer.alloc(384),
      Buffer.of(2),
      Buffer.alloc(2 * 948),
      joinsplits(1698),
      Buffer.alloc(64),
    ]);
    const bytes = zcashBlock([
      v4(coinbase([pay(script, 1n)])),
      hashed(uint32(1), inputsAndOutputs(one), uint32(0)),
      hashed(uint32(2), inputsAndOutputs(one), uint32(0), joinsplits(1802)),
      hashed(fromHex("03000080 7082c403"), inputsAndOutputs(one), Buffer.alloc(8), joinsplits(1802)),
      v4(one, shielded),
      v4({ inputs: [], outputs: [] }, shielded),
    ]);
    const decoded = decodeBlock(chain("zcash"), bytes);
    expect(decoded.time).toBe(1_700_000_000);
    expect(decoded.height).toBe(1_000_000);
    expect(Buffer.from(decoded.hash)).toEqual(hash256(bytes.subarray(0, 1487)));
    expect([...decoded.values]).toEqual([1n, 9n, 9n, 9n, 9n]);
    expect([...decoded.inputStart]).toEqual([0, 1, 3, 5, 7, 9, 9]);
    expect(new Set(owners("zcash", decoded)).size).toBe(1);
    expect(owners("zcash", decoded)[0]).toMatch(/^t1/u);
  });

  test("an unknown version or solution: refused", () => {
    const next = hashed(fromHex("06000080 00000000"), Buffer.alloc(60));
    expect(why("zcash", zcashBlock([v4(coinbase([pay(script)])), next]))).toMatch(/unknown version 6/u);
    const bytes = zcashBlock([v4(coinbase([pay(script)]))]);
    expect(why("zcash", bytes)).toBe("accepted");
    bytes[141] = 0x41;
    expect(why("zcash", bytes)).toMatch(/Equihash/u);
  });
});
