/**
 * Screening as docs/screening.md says it, by walking a whole chain for every question: slow and obvious, and without a line of the
 * engine. Rules are asked of exact fractions; what keeps from `clear` is looked at one by one.
 */
import type { AccountBlock, Block, UtxoBlock } from "../../src/chains/block.ts";
import { modelAccountTrace } from "./trace-accounts.ts";
import { modelUtxoTrace, type ModelTransaction } from "./trace-utxo.ts";

/** A chain as the model reads it: transactions of outputs, or blocks of transfers. */
export type ModelChain =
  | {
      readonly model: "utxo";
      readonly native: string;
      readonly transactions: readonly (ModelTransaction & { time: number })[];
    }
  | { readonly model: "account"; readonly blocks: readonly AccountBlock[] };

export type ModelTag = { readonly address: string; readonly category: string; readonly confidence: string };
export type ModelTheft = { readonly id: string; readonly date: string; readonly txids: readonly string[] };
export type ModelRule = {
  readonly id: string;
  readonly categories: readonly string[];
  readonly evidence?: "tag" | "exposure";
  readonly direction?: "deposit" | "withdrawal";
  readonly policy?: "fifo" | "haircut";
  readonly share?: string;
  readonly usd?: string;
  readonly confidence?: string;
};

/** Something received: in a transaction, by somebody, of an asset. */
type Receipt = {
  readonly txid: string;
  readonly index: number;
  readonly to: string | null;
  readonly asset: string;
  readonly amount: bigint;
};
export type ModelExposure = {
  readonly policy: "fifo" | "haircut";
  readonly category: string;
  readonly origin: string;
  readonly confidence: string;
  readonly asset: string;
  readonly amount: bigint;
  readonly whole: bigint;
};

export type ModelQuestion = {
  /** The chain as the index saw it, and as it is. */
  readonly indexed: ModelChain | undefined;
  readonly chain: ModelChain;
  /** Tags and thefts likewise. */
  readonly indexedTags: readonly ModelTag[];
  readonly tags: readonly ModelTag[];
  readonly thefts: readonly ModelTheft[];
  readonly rules: readonly ModelRule[];
  /** Dollars of a whole coin of an asset with decimals; undefined: no price. */
  readonly price: (asset: string) => { readonly usd: string; readonly decimals: number } | undefined;
  readonly subject:
    | { readonly kind: "address"; readonly address: string }
    | { readonly kind: "transaction"; readonly txid: string; readonly to: string | undefined };
  readonly direction: "deposit" | "withdrawal" | "either";
};

export type ModelVerdict = {
  readonly verdict: "flagged" | "clear" | "unknown";
  readonly rules: readonly string[];
  readonly exposures: readonly ModelExposure[];
  /** What was not known for a rule. */
  readonly undecided: boolean;
};

const illicit = ["sanction", "ransomware", "mixing_service"];
const pooled = ["exchange", "mixing_service"];
const confidences = ["low", "medium", "high", "confirmed"];

/** @param isMissing - Whether anything else keeps from `clear`, as the test knows of its own making. */
export function modelVerdict(question: ModelQuestion, isMissing: boolean): ModelVerdict {
  const all = receiptsOf(question.chain);
  const exposures = exposuresOf(question, all);
  const tagged = partiesOf(question, all).flatMap((address) => question.tags.filter((tag) => tag.address === address));
  const facts: (ModelExposure | ModelTag)[] = [...tagged, ...exposures];
  const answers = question.rules.map((rule) => ({
    id: rule.id,
    answers: facts.map((fact) => holds(rule, fact, question)),
  }));
  const rules = answers.filter(({ answers: own }) => own.includes("yes")).map(({ id }) => id);
  const undecided = answers.some(({ answers: own }) => own.includes("unknown"));
  const verdict = rules.length > 0 ? "flagged" : isMissing || undecided ? "unknown" : "clear";
  return { verdict, rules, exposures, undecided };
}

/** Everything that somebody was paid, fees, burns and payments to oneself left out. */
function receiptsOf(chain: ModelChain): readonly Receipt[] {
  return paymentsOf(chain).filter(({ to }) => to !== null);
}

function paymentsOf(chain: ModelChain): readonly Receipt[] {
  if (chain.model === "utxo") {
    return chain.transactions.flatMap(({ txid, outputs }) =>
      outputs.map(({ value, address }, index) => ({ txid, index, to: address, asset: chain.native, amount: value })),
    );
  }
  return chain.blocks.flatMap((block) =>
    block.transfers
      .filter(({ kind, from, to }) => kind !== "fee" && from !== to)
      .map(({ transaction, position, to, asset, amount }) => ({
        txid: block.transactions[transaction]?.id ?? "",
        index: position,
        to: to ?? null,
        asset,
        amount,
      })),
  );
}

/** Who is looked up: the address, a deposit's payers, a withdrawal's receivers. */
function partiesOf({ subject, direction, chain }: ModelQuestion, all: readonly Receipt[]): readonly string[] {
  if (subject.kind === "address") return [subject.address];
  const { txid, to } = subject;
  const paid = all.filter((one) => one.txid === txid && one.amount > 0n && (to === undefined || one.to === to));
  const payers = payersOf(chain, txid, new Set(paid.map(({ index }) => index)));
  const back = to === undefined ? payers : [];
  const receivers = paid.flatMap((one) => (one.to === null || back.includes(one.to) ? [] : [one.to]));
  return [...new Set([...(direction === "withdrawal" ? [] : payers), ...(direction === "deposit" ? [] : receivers)])];
}

function payersOf(chain: ModelChain, txid: string, indexes: ReadonlySet<number>): readonly string[] {
  if (chain.model === "account") {
    return chain.blocks.flatMap(({ transactions, transfers }) =>
      transfers.flatMap((row) =>
        transactions[row.transaction]?.id === txid &&
        row.from !== undefined &&
        row.kind !== "fee" &&
        row.from !== row.to &&
        row.amount > 0n &&
        indexes.has(row.position)
          ? [row.from]
          : [],
      ),
    );
  }
  const own = chain.transactions.find((one) => one.txid === txid);
  return (own?.inputs ?? []).flatMap(({ ref }) => {
    const [id = "", index = ""] = ref.split(":");
    const made = chain.transactions.find((one) => one.txid === id)?.outputs[Number(index)];
    return made?.address === undefined || made.address === null ? [] : [made.address];
  });
}

function exposuresOf(question: ModelQuestion, all: readonly Receipt[]): readonly ModelExposure[] {
  const { indexed, indexedTags, thefts } = question;
  if (indexed === undefined) return [];
  const stops = new Set(indexedTags.filter(({ category }) => pooled.includes(category)).map(({ address }) => address));
  const origins = [
    ...thefts.map((theft) => ({
      name: `incident:${theft.id}`,
      category: "theft",
      confidence: "confirmed",
      refs: theftRefs(indexed, theft.txids),
    })),
    ...indexedTags
      .filter(({ category }) => illicit.includes(category))
      .map(({ address, category, confidence }) => ({
        confidence,
        name: `tag:${category}:${address}`,
        category,
        refs: ownRefs(indexed, address),
      })),
  ].filter(({ refs }) => refs.size > 0);
  const found: ModelExposure[] = [];
  for (const { name, category, confidence, refs } of origins) {
    for (const policy of ["fifo", "haircut"] as const) {
      const tainted = taintedReceipts(indexed, { origins: refs, policy, stops });
      const groups = groupsOf(question, all);
      for (const { asset, amount, whole } of groups.flatMap(({ isOf }) =>
        sumsOf(tainted.filter(isOf), all.filter(isOf)),
      )) {
        found.push({ policy, category, origin: name, confidence, asset, amount, whole });
      }
    }
  }
  return found;
}

/** What was tainted and what was received in all, by asset. */
function sumsOf(tainted: readonly Receipt[], all: readonly Receipt[]) {
  const total = (receipts: readonly Receipt[], asset: string): bigint =>
    receipts.filter((one) => one.asset === asset).reduce((sum, { amount }) => sum + amount, 0n);
  return [...new Set(tainted.map(({ asset }) => asset))]
    .map((asset) => ({ asset, amount: total(tainted, asset), whole: total(all, asset) }))
    .filter(({ amount }) => amount > 0n);
}

/** Whose receipts are added up together: an address's, or a deposit's payments, or each receiver's. */
function groupsOf(
  question: ModelQuestion,
  all: readonly Receipt[],
): readonly { readonly isOf: (one: Receipt) => boolean }[] {
  const { subject, direction, chain } = question;
  if (subject.kind === "address") return [{ isOf: ({ to }) => to === subject.address }];
  const { txid, to } = subject;
  const deposit = { isOf: (one: Receipt) => one.txid === txid && (to === undefined || one.to === to) };
  const paid = all.filter((one) => deposit.isOf(one) && one.amount > 0n);
  const payers = to === undefined ? payersOf(chain, txid, new Set(paid.map(({ index }) => index))) : [];
  const receivers = [...new Set(paid.flatMap((one) => (one.to === null || payers.includes(one.to) ? [] : [one.to])))];
  return [
    ...(direction === "withdrawal" ? [] : [deposit]),
    ...(direction === "deposit" ? [] : receivers.map((address) => ({ isOf: (one: Receipt) => one.to === address }))),
  ];
}

function taintedReceipts(
  chain: ModelChain,
  by: {
    readonly origins: ReadonlySet<string>;
    readonly policy: "fifo" | "haircut";
    readonly stops: ReadonlySet<string>;
  },
): readonly Receipt[] {
  if (chain.model === "utxo") {
    const { received } = modelUtxoTrace(chain.transactions, by);
    return receiptsOf(chain).flatMap((one) => {
      const amount = received.get(`${one.txid}:${one.index}`);
      return amount === undefined ? [] : [{ ...one, amount }];
    });
  }
  const { receipts } = modelAccountTrace(chain.blocks, { ...by, swaps: true, price: () => undefined });
  return receipts.map(({ ref, to, asset, amount }) => {
    const at = ref.lastIndexOf(":");
    return { txid: ref.slice(0, at), index: Number(ref.slice(at + 1)), to, asset, amount };
  });
}

/** What an entity was paid on a chain of outputs; what it pays on one of accounts. */
function ownRefs(chain: ModelChain, address: string): ReadonlySet<string> {
  if (chain.model === "utxo") {
    return new Set(
      receiptsOf(chain)
        .filter(({ to }) => to === address)
        .map(({ txid, index }) => `${txid}:${index}`),
    );
  }
  return new Set(
    chain.blocks.flatMap(({ transactions, transfers }) =>
      transfers.flatMap((row) =>
        row.from === address && row.to !== undefined && row.to !== address && row.kind !== "fee"
          ? [`${transactions[row.transaction]?.id ?? ""}:${row.position}`]
          : [],
      ),
    ),
  );
}

/** Of a theft without named parties: what goes to others than those who pay. Chains of outputs only. */
export function theftRefs(chain: ModelChain, txids: readonly string[]): ReadonlySet<string> {
  if (chain.model === "account") return new Set();
  return new Set(
    txids.flatMap((txid) => {
      const payers = payersOf(chain, txid, new Set());
      const own = chain.transactions.find((one) => one.txid === txid);
      return (own?.outputs ?? []).flatMap(({ value, address }, index) =>
        value > 0n && (address === null || !payers.includes(address)) ? [`${txid}:${index}`] : [],
      );
    }),
  );
}

function holds(
  rule: ModelRule,
  fact: ModelExposure | ModelTag,
  { price, direction }: ModelQuestion,
): "yes" | "no" | "unknown" {
  const isTag = "address" in fact;
  if (rule.evidence !== undefined && (rule.evidence === "tag") !== isTag) return "no";
  if (rule.direction !== undefined && direction !== "either" && direction !== rule.direction) return "no";
  const widerOf = (category: string): readonly string[] =>
    ["sanction", "ransomware"].includes(category) ? [category, "abuse"] : [category];
  if (!rule.categories.some((category) => widerOf(fact.category).includes(category))) return "no";
  if (rule.confidence !== undefined && confidences.indexOf(fact.confidence) < confidences.indexOf(rule.confidence))
    return "no";
  if (isTag) return rule.policy === undefined && rule.share === undefined && rule.usd === undefined ? "yes" : "no";
  if (rule.policy !== undefined && rule.policy !== fact.policy) return "no";
  if (rule.share !== undefined) {
    const { digits, scale } = decimal(rule.share.slice(0, -1));
    // amount / whole ≥ digits / scale / 100
    if (fact.amount * scale * 100n < digits * fact.whole) return "no";
  }
  if (rule.usd === undefined || decimal(rule.usd).digits === 0n) return "yes";
  const known = price(fact.asset);
  if (known === undefined) return "unknown";
  const [worth, least] = [decimal(known.usd), decimal(rule.usd)];
  // In cents, half to even.
  const [above, below] = [fact.amount * worth.digits * 100n, worth.scale * 10n ** BigInt(known.decimals)];
  let cents = above / below;
  const rest = 2n * (above % below);
  if (rest > below || (rest === below && cents % 2n === 1n)) cents += 1n;
  return cents * least.scale >= least.digits * 100n ? "yes" : "no";
}

function decimal(text: string): { readonly digits: bigint; readonly scale: bigint } {
  const [units = "", part = ""] = text.split(".");
  return { digits: BigInt(units + part), scale: 10n ** BigInt(part.length) };
}

/** Blocks as the model reads them. */
export function modelChain(
  blocks: readonly Block[],
  transactions: readonly ModelTransaction[],
  native: string,
): ModelChain {
  if (blocks[0]?.model === "account") return { model: "account", blocks: blocks as readonly AccountBlock[] };
  const times = (blocks as readonly UtxoBlock[]).flatMap((block) =>
    Array.from({ length: block.transactionCount }, (_, at) => {
      const id = Buffer.from(block.txids.subarray(at * 32, at * 32 + 32).toReversed()).toString("hex");
      return [id, block.time] as const;
    }),
  );
  const timeOf = new Map(times);
  return {
    model: "utxo",
    native,
    transactions: transactions.flatMap((one) => {
      const time = timeOf.get(one.txid);
      return time === undefined ? [] : [{ ...one, time }];
    }),
  };
}
