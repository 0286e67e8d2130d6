import { createHash } from "node:crypto";
import { decodeEventLog, parseAbi, type Hex } from "viem";
import { describe, expect, it } from "vitest";
import type { ExpectedTransfer } from "../../bench/chain/evm-block.ts";
import { evmBlocks, type EvmStep } from "../../bench/chain/evm.ts";

const options = { seed: "test", transactions: 3_000 } as const;
const steps = [...evmBlocks(options)];

type Log = { readonly address: string; readonly topics: [Hex, ...Hex[]]; readonly data: Hex; readonly logIndex: Hex };
type Receipt = {
  readonly transactionHash: string;
  readonly status: string;
  readonly gasUsed: Hex;
  readonly effectiveGasPrice: Hex;
  readonly from: string;
  readonly logs: readonly Log[];
};
type Trace = {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly value?: Hex;
  readonly error?: string;
  readonly calls?: readonly Trace[];
};
type Flat = {
  readonly type: string;
  readonly action: Record<string, string>;
  readonly error?: string;
  readonly traceAddress: readonly number[];
  readonly transactionHash: string;
};

const json = (text: unknown): string =>
  JSON.stringify(text, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
const digest = (list: readonly EvmStep[]): string => createHash("sha256").update(json(list)).digest("hex");
const expected = steps.flatMap((step) => step.expected);
const sorted = (list: readonly Partial<ExpectedTransfer>[]): readonly string[] =>
  list.map(({ txid, asset, from, to, amount }) => json([txid, asset, from ?? "", to ?? "", amount])).toSorted();
const receipts = steps.flatMap(({ answers }) => answers.receipts as unknown as readonly Receipt[]);

const fungible = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 value)"]);
const single = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 indexed id)"]);
const others = parseAbi([
  "event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)",
  "event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)",
  "event Deposit(address indexed to, uint256 value)",
  "event Withdrawal(address indexed from, uint256 value)",
]);

describe("random EVM blocks", () => {
  it("are the same for the same seed, these", () => {
    expect(digest([...evmBlocks(options)])).toBe(digest(steps));
    expect(digest(steps)).toBe("bdd2bb3eac94004de4387c654268649ba543b7c78a3b55a6650ae18c8f8c3fd3");
  });

  it("are chained, and have the transactions asked for", () => {
    for (const [at, { answers }] of steps.entries()) {
      expect(answers.block).toMatchObject({
        number: `0x${at.toString(16)}`,
        hash: answers.hash,
        parentHash: answers.parent,
      });
      if (at > 0) expect(answers.parent).toBe(steps[at - 1]?.answers.hash);
    }
    expect(receipts).toHaveLength(3_000);
    expect(new Set(receipts.map(({ transactionHash }) => transactionHash)).size).toBe(3_000);
  });

  it("have the fees that are expected", () => {
    const fees = receipts.map(({ transactionHash: txid, from, gasUsed, effectiveGasPrice }) => ({
      txid,
      asset: "native",
      from,
      amount: BigInt(gasUsed) * BigInt(effectiveGasPrice),
    }));
    expect(sorted(fees)).toEqual(sorted(expected.filter(({ kind }) => kind === "fee")));
  });

  it("have the token transfers that are expected, decoded by viem", () => {
    const found = receipts.flatMap(({ transactionHash: txid, logs }) =>
      logs.flatMap((log) => decode(log).map((transfer) => ({ ...transfer, txid }))),
    );
    expect(sorted(found)).toEqual(sorted(expected.filter(({ kind }) => kind === "token" || kind === "wrap")));
  });

  it("have the value that is expected, by both forms of traces", () => {
    const value = sorted(expected.filter(({ kind }) => kind === "native" || kind === "internal"));
    expect(sorted(steps.flatMap(({ answers }) => nested(answers.callTraces)))).toEqual(value);
    expect(sorted(steps.flatMap(({ answers }) => flat(answers.traces as unknown as readonly Flat[])))).toEqual(value);
  });

  it("have failed transactions that move only their fee, and every kind of transfer", () => {
    const failed = new Set(
      receipts.filter(({ status }) => status === "0x0").map(({ transactionHash }) => transactionHash),
    );
    expect(failed.size).toBeGreaterThan(100);
    expect(new Set(expected.filter(({ txid }) => failed.has(txid ?? "")).map(({ kind }) => kind))).toEqual(
      new Set(["fee"]),
    );
    expect(new Set(expected.map(({ kind }) => kind))).toEqual(
      new Set(["fee", "native", "internal", "token", "wrap", "credit"]),
    );
    const traced = new Set(
      steps.flatMap(({ answers }) => (answers.traces as unknown as readonly Flat[]).map(({ type }) => type)),
    );
    expect(traced).toEqual(new Set(["call", "create", "suicide"]));
  });
});

function decode(log: Log): readonly Partial<ExpectedTransfer>[] {
  const address = log.address.toLowerCase();
  const lower = (text: string): string | undefined => (/^0x0{40}$/u.test(text) ? undefined : text.toLowerCase());
  if (log.topics[0].startsWith("0xddf252ad")) {
    if (log.topics.length === 4) {
      const { args } = decodeEventLog({ abi: single, topics: log.topics, data: log.data });
      return [{ asset: `erc721:${address}/${args.id}`, from: lower(args.from), to: lower(args.to), amount: 1n }];
    }
    const { args } = decodeEventLog({ abi: fungible, topics: log.topics, data: log.data });
    return [{ asset: `erc20:${address}`, from: lower(args.from), to: lower(args.to), amount: args.value }];
  }
  const event = decodeEventLog({ abi: others, topics: log.topics, data: log.data });
  if (event.eventName === "Deposit")
    return [{ asset: `erc20:${address}`, to: lower(event.args.to), amount: event.args.value }];
  if (event.eventName === "Withdrawal") {
    return [{ asset: `erc20:${address}`, from: lower(event.args.from), amount: event.args.value }];
  }
  const { args } = event;
  const [ids, values] = "ids" in args ? [args.ids, args.values] : [[args.id], [args.value]];
  return ids.map((id, at) => ({
    asset: `erc1155:${address}/${id}`,
    from: lower(args.from),
    to: lower(args.to),
    amount: values[at] ?? 0n,
  }));
}

/** Value moved by `callTracer`'s frames, without those that were undone. */
function nested(answers: unknown): readonly Partial<ExpectedTransfer>[] {
  const visit = (txid: string, one: Trace): readonly Partial<ExpectedTransfer>[] => {
    if (one.error !== undefined) return [];
    const moves = !["DELEGATECALL", "STATICCALL"].includes(one.type) && BigInt(one.value ?? "0x0") > 0n;
    const own = moves
      ? [{ txid, asset: "native", from: one.from, to: one.to, amount: BigInt(one.value ?? "0x0") }]
      : [];
    return [...own, ...(one.calls ?? []).flatMap((inner) => visit(txid, inner))];
  };
  return (answers as readonly { txHash: string; result: Trace }[]).flatMap(({ txHash, result }) =>
    visit(txHash, result),
  );
}

/** The same by flat traces: one is undone where it or one around it failed. */
function flat(traces: readonly Flat[]): readonly Partial<ExpectedTransfer>[] {
  const failed = traces.filter(({ error }) => error !== undefined);
  const undone = (one: Flat): boolean =>
    failed.some(
      (outer) =>
        outer.transactionHash === one.transactionHash &&
        outer.traceAddress.every((step, at) => one.traceAddress[at] === step),
    );
  return traces.flatMap((one) => {
    const { action, type, transactionHash: txid } = one;
    if (undone(one) || ["delegatecall", "staticcall"].includes(action["callType"] ?? "")) return [];
    const amount = BigInt(action["value"] ?? action["balance"] ?? "0x0");
    if (amount === 0n) return [];
    const created = (one as unknown as { readonly result: { readonly address: string } | null }).result?.address;
    const to = type === "create" ? created : (action["to"] ?? action["refundAddress"]);
    return [{ txid, asset: "native", from: action["from"] ?? action["address"], to, amount }];
  });
}
