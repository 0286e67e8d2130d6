/** A node's answers of every kind, made up, and answers that are wrong. */
import { array, assert, bigInt, constantFrom, integer, nat, oneof, property, record, string } from "fast-check";
import { getContractAddress } from "viem";
import { describe, expect, test } from "vitest";
import { chain, type KnownChain } from "../../../src/base/chains.ts";
import { Failure } from "../../../src/base/failure.ts";
import type { Transfer } from "../../../src/chains/block.ts";
import type { EvmDecoded } from "../../../src/chains/evm/assemble.ts";
import { decodeBlock, type BlockAnswers } from "../../../src/chains/evm/block.ts";
import { createdBy } from "../../../src/chains/evm/transaction.ts";

type Json = Readonly<Record<string, unknown>>;

const runs = Number(process.env["FUZZ_RUNS"] ?? 2000);
const ethereum = chain("ethereum");
const hash = (index: number): string => `0x${index.toString(16).padStart(64, "0")}`;
const account = (digit: string): string => `0x${digit.repeat(40)}`;
const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(account) as [string, string, string, string, string];
const q = (value: number | bigint): string => `0x${value.toString(16)}`;
const word = (value: string): string => `0x${value.slice(2).padStart(64, "0")}`;

/** After the merge, so that nothing is mined. */
const block = (transactions: readonly unknown[], more: Json = {}): Json => ({
  number: q(20_000_000),
  hash: hash(1),
  parentHash: hash(2),
  timestamp: q(1_700_000_000),
  miner: e,
  uncles: [],
  transactions,
  ...more,
});
const transaction = (index: number, more: Json = {}): Json => ({
  hash: hash(100 + index),
  transactionIndex: q(index),
  from: a,
  to: b,
  nonce: q(7),
  gas: q(50_000),
  gasPrice: q(9),
  value: q(1000),
  type: "0x2",
  ...more,
});
const receipt = (index: number, more: Json = {}): Json => ({
  blockHash: hash(1),
  transactionHash: hash(100 + index),
  transactionIndex: q(index),
  from: a,
  gasUsed: q(21_000),
  effectiveGasPrice: q(3),
  contractAddress: null,
  status: "0x1",
  logs: [],
  ...more,
});
const log = (index: number, from: string, to: string): Json => ({
  logIndex: q(index),
  address: d,
  topics: ["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", word(from), word(to)],
  data: word("0x5"),
  removed: false,
});
const call = (from: string, to: string | undefined, value: number, more: Json = {}): Json => ({
  type: "CALL",
  from,
  ...(to === undefined ? {} : { to }),
  value: q(value),
  ...more,
});
const traced = (...roots: readonly Json[]): readonly Json[] =>
  roots.map((result, index) => ({ txHash: hash(100 + index), result }));

const none = { receipts: undefined, traces: undefined, uncles: undefined };
const decode = (answers: Partial<BlockAnswers>, on: KnownChain = ethereum): EvmDecoded =>
  decodeBlock(on, { ...none, block: undefined, ...answers });
/** One transaction with its receipt, and what else. */
const decodeOne = (of: Json, got: Json, more: Partial<BlockAnswers> = {}, on: KnownChain = ethereum): EvmDecoded =>
  decode({ block: block([transaction(0, of)]), receipts: [receipt(0, got)], ...more }, on);
const names = new Map([a, b, c, d, e].map((one) => [one, one.charAt(2)]));
const name = (of: string | undefined): string => (of === undefined ? "-" : (names.get(of) ?? of));
const line = ({ transaction: of, position, kind, from, to, amount }: Transfer): string =>
  `${of}:${position} ${kind} ${name(from)} ${name(to)} ${amount}`;
const lines = ({ block: { transfers } }: EvmDecoded): readonly string[] => transfers.map(line);
const whats = ({ findings }: EvmDecoded): readonly string[] => findings.map(({ what }) => what);

describe("order", () => {
  test("fee, value, inner calls, events; then the next transaction; the block's own credits last", () => {
    const root = call(a, b, 1000, { calls: [call(b, c, 10, { calls: [call(c, d, 4)] }), call(b, e, 20)] });
    const decoded = decode({
      block: block([transaction(0), transaction(1, { value: "0x0" })], {
        withdrawals: [
          { index: "0x1", validatorIndex: "0x1", address: d, amount: q(7) },
          { index: "0x2", validatorIndex: "0x2", address: e, amount: "0x0" },
        ],
      }),
      receipts: [receipt(1, { logs: [log(2, zeroAddress, c)] }), receipt(0, { logs: [log(1, c, d), log(0, b, c)] })],
      traces: traced(root, call(a, b, 0)),
    });
    expect(lines(decoded)).toEqual([
      "0:0 fee a - 63000",
      "0:1 native a b 1000",
      "0:2 internal b c 10",
      "0:3 internal c d 4",
      "0:4 internal b e 20",
      "0:5 token b c 5",
      "0:6 token c d 5",
      "1:0 fee a - 63000",
      "1:1 token - c 5",
      "-1:0 credit - d 7000000000",
    ]);
    expect(decoded.block).toMatchObject({
      model: "account",
      chain: "eip155:1",
      hash: hash(1),
      parent: hash(2),
      height: 20_000_000,
      time: 1_700_000_000,
      internalTransfers: "known",
      transactions: [
        { id: hash(100), index: 0, failed: false },
        { id: hash(101), index: 1, failed: false },
      ],
    });
    expect(decoded.findings).toEqual([]);
  });

  test("without traces, what moved inside is unknown; an empty block has nothing inside", () => {
    expect(decodeOne({}, {}).block.internalTransfers).toBe("unknown");
    expect(decode({ block: block([]) }).block.internalTransfers).toBe("known");
  });
});

const zeroAddress = account("0");

describe("fees", () => {
  const fee = (of: Json, got: Json, on = ethereum): bigint | undefined =>
    decodeOne(of, got, {}, on).block.transfers.find(({ kind }) => kind === "fee")?.amount;
  test("gas used at the effective price; before London, at the gas price", () => {
    expect(fee({}, {})).toBe(63_000n);
    expect(fee({}, { effectiveGasPrice: null })).toBe(189_000n);
    expect(fee({ gasPrice: "0x0" }, { effectiveGasPrice: "0x0" })).toBeUndefined();
  });
  test("blob gas too (EIP-4844)", () =>
    expect(fee({ type: "0x3" }, { blobGasUsed: q(131_072), blobGasPrice: q(2) })).toBe(63_000n + 262_144n));
  test("not what a rollup's receipt says of data without blobs (Jovian)", () =>
    expect(fee({ type: "0x2" }, { blobGasUsed: q(40_000), daFootprintGasScalar: q(400) }, chain("base"))).toBe(
      63_000n,
    ));
  test("a rollup's first layer too", () => expect(fee({}, { l1Fee: q(500) }, chain("base"))).toBe(63_500n));
  test("a rollup's operator too, by the rule of the block's header", () => {
    const parameters = { operatorFeeScalar: q(1_000_100), operatorFeeConstant: q(7) };
    const by = (extraData: string, of: Json = {}): readonly unknown[] => {
      const more = { block: block([transaction(0, of)], { extraData }) };
      const decoded = decodeOne(of, parameters, more, chain("base"));
      return [decoded.block.transfers.find(({ kind }) => kind === "fee")?.amount, whats(decoded)];
    };
    const [isthmus, jovian] = [`0x00${"12".repeat(8)}`, `0x01${"12".repeat(16)}`];
    // 21,000 × 1,000,100 / 1,000,000 is 21,002.1.
    expect(by(isthmus)).toEqual([63_000n + 21_002n + 7n, []]);
    expect(by(jovian)).toEqual([63_000n + 21_000n * 1_000_100n * 100n + 7n, []]);
    for (const unknown of ["0x", `0x02${"12".repeat(16)}`, `0x00${"12".repeat(16)}`]) {
      expect(by(unknown)).toEqual([63_000n, ["fee-incomplete"]]);
    }
    // What the first layer sent pays nothing.
    expect(by(jovian, { type: "0x7e", gasPrice: "0x0" })[0]).toBe(63_000n);
    expect(whats(decodeOne({}, { operatorFeeScalar: "0x0" }, {}, chain("base")))).toEqual([]);
    expect(() => decodeOne({}, { operatorFeeScalar: q(2 ** 32) }, {}, chain("base"))).toThrow(
      /operatorFeeScalar is over 32 bits/u,
    );
  });
  test("a rollup's deposit pays none and brings new ether, even where it fails", () => {
    const of = { type: "0x7e", mint: q(2000), gasPrice: null };
    const got = { effectiveGasPrice: null };
    expect(lines(decodeOne(of, got, {}, chain("optimism")))).toEqual(["0:0 credit - a 2000", "0:1 native a b 1000"]);
    expect(lines(decodeOne(of, { ...got, status: "0x0" }, {}, chain("optimism")))).toEqual(["0:0 credit - a 2000"]);
  });
});

describe("failures", () => {
  test("status 0 moves the fee only, whatever else is said", () => {
    const traces = traced(call(a, b, 1000, { error: "execution reverted", calls: [call(b, c, 10)] }));
    for (const more of [{}, { traces }]) {
      const decoded = decodeOne({}, { status: "0x0" }, more);
      expect(lines(decoded)).toEqual(["0:0 fee a - 63000"]);
      expect(decoded.block.transactions[0]?.failed).toBe(true);
      expect(decoded.findings).toEqual([]);
    }
  });

  test("before Byzantium the trace tells; else events or unused gas; else nothing does", () => {
    const old = { status: null, root: hash(9) };
    const failed = traced(call(a, b, 1000, { error: "out of gas" }));
    expect(lines(decodeOne({}, old, { traces: failed }))).toEqual(["0:0 fee a - 63000"]);
    expect(whats(decodeOne({}, old))).toEqual([]); // 21,000 of 50,000.
    expect(whats(decodeOne({ gas: q(21_000) }, old))).toEqual(["status-unknown"]);
    expect(lines(decodeOne({ gas: q(21_000) }, old))).toEqual(["0:0 fee a - 63000", "0:1 native a b 1000"]);
    expect(whats(decodeOne({ gas: q(21_000) }, { ...old, logs: [log(0, a, b)] }))).toEqual([]);
  });

  test("a reverted inner call takes all below it along, and nothing beside it", () => {
    const inner = call(b, c, 10, { error: "execution reverted", calls: [call(c, d, 4)] });
    const root = call(a, b, 1000, { calls: [call(b, d, 1), inner, call(b, e, 2)] });
    expect(lines(decodeOne({}, {}, { traces: traced(root) })).slice(2)).toEqual([
      "0:2 internal b d 1",
      "0:3 internal b e 2",
    ]);
  });

  test("a receipt and a trace that disagree are refused", () => {
    const traces = traced(call(a, b, 1000, { error: "out of gas" }));
    expect(() => decodeOne({}, {}, { traces })).toThrow(/disagree/u);
    expect(() => decodeOne({}, {}, { traces: traced(call(a, b, 999)) })).toThrow(/another value/u);
    expect(() => decodeOne({}, {}, { traces: traced(call(a, c, 1000)) })).toThrow(/another value/u);
  });
});

describe("calls", () => {
  const inner = (...calls: readonly Json[]): readonly string[] =>
    lines(decodeOne({}, {}, { traces: traced(call(a, b, 1000, { calls })) })).slice(2);
  test("borrowed code moves nothing; what it calls does", () => {
    for (const type of ["DELEGATECALL", "CALLCODE", "STATICCALL"]) {
      expect(inner({ type, from: b, to: c, value: q(10), calls: [call(b, d, 3)] })).toEqual(["0:2 internal b d 3"]);
    }
  });
  test("a creation's value goes to what it made, a self-destruction's to its beneficiary", () =>
    expect(
      inner(
        call(b, c, 10, { type: "CREATE" }),
        call(b, d, 11, { type: "CREATE2" }),
        call(c, e, 9, { type: "SELFDESTRUCT" }),
        { type: "CREATE", from: b, value: q(3), error: "contract creation code storage out of gas" },
      ),
    ).toEqual(["0:2 internal b c 10", "0:3 internal b d 11", "0:4 internal c e 9"]));
  test("a self-destruction without its value makes the inside unknown", () => {
    const traces = traced(call(a, b, 1000, { calls: [{ type: "SELFDESTRUCT" }] }));
    const decoded = decodeOne({}, {}, { traces });
    expect(whats(decoded)).toEqual(["selfdestruct-unknown"]);
    expect(decoded.block.internalTransfers).toBe("unknown");
  });
  test("a tree as deep as the EVM goes (1,024 calls below the first)", () => {
    let tree = call(b, c, 1);
    for (let depth = 0; depth < 1023; depth += 1) tree = call(b, c, 1, { calls: [tree] });
    expect(inner(tree)).toHaveLength(1024);
  });
});

describe("creations", () => {
  const creation = { to: null, value: q(1000) };
  test("the value goes to the contract of the receipt, the trace, or the sender's nonce", () => {
    const native = (decoded: EvmDecoded): string => lines(decoded).find((one) => one.includes("native")) ?? "";
    expect(native(decodeOne(creation, { contractAddress: c }))).toBe("0:1 native a c 1000");
    const traces = traced(call(a, d, 1000, { type: "CREATE" }));
    expect(native(decodeOne(creation, {}, { traces }))).toBe("0:1 native a d 1000");
    const own = createdBy(a, q(7), { source: "", where: "" });
    expect(native(decodeOne(creation, {}))).toBe(`0:1 native a ${own} 1000`);
    expect(native(decode({ block: block([transaction(0, creation)]) }))).toBe(`0:0 native a ${own} 1000`);
  });
  test("a created address is viem's", () => {
    assert(
      property(
        bigInt({ min: 0n, max: 2n ** 160n - 1n }),
        oneof(nat(300), integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
        (sender, nonce) => {
          const from = `0x${sender.toString(16).padStart(40, "0")}` as const;
          const expected = getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase();
          expect(createdBy(from, q(nonce), { source: "", where: "" })).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("credits", () => {
  const mined = (number: number, on = ethereum, more: Json = {}): readonly string[] =>
    lines(decode({ block: block([], { number: q(number), ...more }) }, on));
  test("a block's reward by its fork", () => {
    const ether = (count: number): string => `-1:0 credit - e ${count}000000000000000000`;
    expect([1, 4_369_999, 4_370_000, 7_279_999, 7_280_000, 15_537_393].flatMap((number) => mined(number))).toEqual(
      [5, 5, 3, 3, 2, 2].map(ether),
    );
    expect([0, 15_537_394].flatMap((number) => mined(number))).toEqual([]);
    expect(mined(100, chain("ethereum-classic"))).toEqual([]);
  });
  test("uncles, by Byzantium's three ether", () => {
    const uncles = [
      { hash: hash(71), number: q(4_999_999), miner: c },
      { hash: hash(72), number: q(4_999_994), miner: d },
    ];
    const own = block([], { number: q(5_000_000), uncles: [hash(71), hash(72)] });
    expect(lines(decode({ block: own, uncles }))).toEqual([
      "-1:0 credit - e 3187500000000000000",
      "-1:1 credit - c 2625000000000000000",
      "-1:2 credit - d 750000000000000000",
    ]);
    expect(whats(decode({ block: own }))).toEqual(["uncle-rewards-unknown"]);
    expect(() => decode({ block: own, uncles: uncles.toReversed() })).toThrow(/other uncles/u);
    expect(() => decode({ block: own, uncles: [uncles[0], { ...uncles[1], number: q(4_999_993) }] })).toThrow(
      /six blocks/u,
    );
    expect(() => decode({ block: own, uncles: [uncles[0]] })).toThrow(/number of uncles/u);
  });
  test("what only the state knows is a finding", () => {
    expect(whats(decode({ block: block([], { number: "0x0" }) }))).toEqual(["state-change-unknown"]);
    expect(whats(decode({ block: block([], { number: q(1_920_000) }) }))).toEqual(["state-change-unknown"]);
  });
  test("Gnosis pays withdrawals in a token", () => {
    const withdrawals = [{ address: d, amount: q(7) }];
    const decoded = decode({ block: block([], { withdrawals }) }, chain("gnosis"));
    expect([lines(decoded), whats(decoded)]).toEqual([[], ["withdrawals-in-token"]]);
  });
});

describe("what is at hand", () => {
  test("a block of hashes with traces has values; with receipts, fees and tokens too", () => {
    const hashes = block([hash(100)]);
    const traces = traced(call(a, b, 1000));
    expect(lines(decode({ block: hashes, traces }))).toEqual(["0:0 native a b 1000"]);
    expect(whats(decode({ block: hashes, traces }))).toEqual(["receipts-unknown"]);
    const receipts = [receipt(0, { logs: [log(0, b, c)] })];
    expect(lines(decode({ block: hashes, traces, receipts }))).toEqual([
      "0:0 fee a - 63000",
      "0:1 native a b 1000",
      "0:2 token b c 5",
    ]);
    expect(() => decode({ block: hashes, receipts })).toThrow(/only its hash is listed/u);
  });

  test("events of any length are read without a stack", () => {
    const logs = [{ ...log(0, a, b), data: `0x${"ab".repeat(10_000_000)}` }];
    expect(whats(decodeOne({}, { logs }))).toEqual(["odd-transfer-event"]);
    expect(() => decodeOne({}, { logs: [{ ...log(0, a, b), data: "0xabc" }] })).toThrow(/no bytes in hexadecimal/u);
  });

  const bad: readonly (readonly [string, Partial<BlockAnswers>, RegExp])[] = [
    ["no block", { block: null }, /the block is missing/u],
    ["no receipts", { block: block([transaction(0)]), receipts: null }, /receipts is missing/u],
    ["no traces", { block: block([]), traces: null }, /traces is missing/u],
    ["too few receipts", { block: block([transaction(0)]), receipts: [] }, /its receipt is missing/u],
    ["a receipt twice", { block: block([transaction(0)]), receipts: [receipt(0), receipt(0)] }, /two receipts/u],
    [
      "a receipt too many",
      { block: block([transaction(0)]), receipts: [receipt(0), receipt(1)] },
      /transaction 1 of 1/u,
    ],
    [
      "another block's receipt",
      { block: block([transaction(0)]), receipts: [receipt(0, { blockHash: hash(3) })] },
      /reorganised/u,
    ],
    [
      "another's receipt",
      { block: block([transaction(0)]), receipts: [receipt(0, { transactionHash: hash(5) })] },
      /another transaction/u,
    ],
    ["too few traces", { block: block([transaction(0)]), traces: [] }, /traces of 0/u],
    [
      "another's trace",
      { block: block([transaction(0)]), traces: [{ txHash: hash(5), result: call(a, b, 1000) }] },
      /another transaction/u,
    ],
    [
      "a tracer's failure",
      { block: block([transaction(0)]), traces: [{ txHash: hash(100), error: "timeout" }] },
      /result is missing/u,
    ],
    ["one transaction twice", { block: block([transaction(0), { ...transaction(1), hash: hash(100) }]) }, /twice/u],
    ["transactions out of order", { block: block([transaction(1), transaction(0)]) }, /out of order/u],
    [
      "a removed log",
      { block: block([transaction(0)]), receipts: [receipt(0, { logs: [{ ...log(0, a, b), removed: true }] })] },
      /reorganisation/u,
    ],
    [
      "a log twice",
      { block: block([transaction(0)]), receipts: [receipt(0, { logs: [log(0, a, b), log(0, a, b)] })] },
      /two logs/u,
    ],
    ["a status of 2", { block: block([transaction(0)]), receipts: [receipt(0, { status: "0x2" })] }, /status is 2/u],
    [
      "a fee beyond 256 bits",
      { block: block([transaction(0)]), receipts: [receipt(0, { effectiveGasPrice: q(2n ** 255n) })] },
      /256 bits/u,
    ],
    ["a value beyond 256 bits", { block: block([transaction(0, { value: `0x1${"0".repeat(64)}` })]) }, /256 bits/u],
    ["a negative value", { block: block([transaction(0, { value: "-0x1" })]) }, /no number/u],
    [
      "an unknown call",
      { block: block([transaction(0)]), traces: traced(call(a, b, 1000, { type: "TELEPORT" })) },
      /unknown type/u,
    ],
    [
      "two forms of trace",
      { block: block([transaction(0)]), traces: [...traced(call(a, b, 1000)), { action: {} }] },
      /two forms/u,
    ],
    [
      "another block's trace",
      { block: block([]), traces: [{ action: {}, type: "reward", blockHash: hash(8) }] },
      /another block/u,
    ],
  ];
  test.each(bad)("%s is refused", (_, answers, why) => {
    expect(() => decode(answers)).toThrow(why);
    expect(() => decode(answers)).toThrow(Failure);
  });
});

/** Answers with all there is in them. */
const rich = (): Json => ({
  block: block([transaction(0), transaction(1, { to: null, type: "0x3" }), transaction(2)], {
    number: q(5_000_000),
    uncles: [hash(71)],
    withdrawals: [{ address: d, amount: q(7) }],
  }),
  receipts: [
    receipt(0, { logs: [log(0, a, b), log(1, b, c)] }),
    receipt(1, { contractAddress: c, blobGasUsed: q(1), blobGasPrice: q(1) }),
    receipt(2, { status: "0x0" }),
  ],
  traces: traced(
    call(a, b, 1000, { calls: [call(b, c, 10, { calls: [call(c, d, 4)] }), call(b, e, 20)] }),
    call(a, c, 1000, { type: "CREATE" }),
    call(a, b, 1000, { error: "out of gas" }),
  ),
  uncles: [{ hash: hash(71), number: q(4_999_999), miner: c }],
});

describe("wrong answers", () => {
  const junk = oneof(
    constantFrom<unknown>(
      null,
      undefined,
      "",
      "0x",
      "0x0",
      "0x1",
      -1,
      1.5,
      true,
      [],
      {},
      a,
      hash(1),
      `0x${"f".repeat(64)}`,
      `0x${"f".repeat(65)}`,
    ),
    string({ maxLength: 5 }),
    nat(),
  );
  const mutation = record({ at: nat(), how: constantFrom("replace", "remove", "double"), by: junk });

  test("are refused by name or decoded into transfers that make sense", () => {
    let [refused, taken] = [0, 0];
    assert(
      property(array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const answers = { root: rich() };
        for (const { at, how, by } of mutations) {
          const slots = slotsOf(answers);
          const slot = slots[at % slots.length];
          if (slot === undefined) continue;
          if (how === "replace") slot.holder[slot.key] = by;
          else if (how === "double" && Array.isArray(slot.holder)) slot.holder.push(slot.holder[Number(slot.key)]);
          else if (Array.isArray(slot.holder)) slot.holder.splice(Number(slot.key), 1);
          else Reflect.deleteProperty(slot.holder, slot.key);
        }
        let decoded: EvmDecoded;
        try {
          decoded = decode(answers.root);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect((error as Failure).code).toBe("SOURCE_INVALID");
          refused += 1;
          return;
        }
        taken += 1;
        expectSense(decoded);
      }),
      { numRuns: runs },
    );
    expect(Math.min(refused, taken)).toBeGreaterThan(runs / 100);
  });
});

type Slot = { readonly holder: Record<string | number, unknown> | unknown[]; readonly key: string } & {
  readonly holder: { [key: string | number]: unknown };
};

/** Every place of the answers where a value stands. */
function slotsOf(root: object): readonly Slot[] {
  const slots: Slot[] = [];
  const pending: object[] = [root];
  for (let holder = pending.pop(); holder !== undefined; holder = pending.pop()) {
    for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
      if (holder !== root) slots.push({ holder: holder as Slot["holder"], key });
      if (typeof value === "object" && value !== null) pending.push(value);
    }
  }
  return slots;
}

function expectSense({ block: { transfers, transactions, height, time } }: EvmDecoded): void {
  expect([height, time].every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
  const positions = new Map<number, number>();
  for (const { transaction: of, position, asset, from, to, amount, kind } of transfers) {
    expect(of >= -1 && of < transactions.length).toBe(true);
    expect(position).toBe((positions.get(of) ?? -1) + 1);
    positions.set(of, position);
    expect(asset).toMatch(/^eip155:1\/(?:slip44:60$|erc)/u);
    expect(amount >= 0n && amount < 2n ** 256n).toBe(true);
    expect(from ?? to).toMatch(/^0x[0-9a-f]{40}$/u);
    expect(kind === "fee" || kind === "token" || to !== undefined).toBe(true);
    expect(transactions[of]?.failed === true ? kind : "fee").toBe("fee");
  }
}
