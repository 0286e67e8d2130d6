import { sumOfKnown, type AssetTotals, type Exit, type Holding, type PathStep, type Trace } from "../trace.ts";
import { TraceWorth, worthOfHolding } from "../worth/sums.ts";
import { roundWorth, type ExactWorth, type Valuer } from "../worth/valuer.ts";
import { pricesJson, worthJson, worthTotalsJson } from "./worth-json.ts";

/** How much text is given on at a time. */
const pieceLength = 1 << 16;

/**
 * A trace as JSON, amounts as decimal text, in pieces: a trace may have millions of holdings.
 *
 * `origin` and `fees` are plain sums of base units, which mean something where one asset is concerned; `assets` has them by
 * asset.
 *
 * @param valuer - By which dollars are told; the sums of them come last, since they are added up on the way.
 * @param more - Lists that follow, by name.
 */
export function* traceJson(
  trace: Trace,
  valuer: Valuer,
  more: Readonly<Record<string, readonly object[]>>,
): Iterable<string> {
  const sums = new TraceWorth();
  sums.addEnds(trace, valuer);
  yield `${JSON.stringify(traceHeadJson(trace, valuer), null, 2).slice(0, -2)},\n`;
  yield* list("holdings", trace.holdings(), (holding) => {
    const worth = worthOfHolding(trace, valuer, holding);
    sums.addHolding(holding, worth);
    return holdingJson(holding, worth);
  });
  yield ",\n";
  yield* list("exits", trace.exits(), (exit) => {
    const worth = valuer.worth(exit.asset, exit.amount, exit.time);
    sums.add("exits", exit.asset, exit.amount, worth);
    return exitJson(exit, worth);
  });
  for (const [name, rows] of Object.entries(more)) {
    yield ",\n";
    yield* list(name, rows, (row) => row);
  }
  yield `,\n${JSON.stringify(traceTailJson(sums, valuer), null, 2).slice(2)}\n`;
}

/** What stands before a trace's lists. */
export function traceHeadJson(trace: Trace, valuer: Valuer): object {
  const { totals } = trace;
  return {
    chain: trace.chain.id,
    model: trace.model,
    policy: trace.policy,
    origin: sumText(totals, "origin"),
    fees: sumText(totals, "fees"),
    assets: totals.map(assetJson),
    origins: trace.origins.map(({ txid, time, ...one }) => ({
      ...one,
      amount: String(one.amount),
      transaction: txid,
      time: isoTime(time),
      usd: worthJson(roundWorth(valuer.worth(one.asset, one.amount, time))),
    })),
    limits: trace.limits.map((one) => ({ ...one, amount: amountJson(one.amount) })),
    assumptions: trace.assumptions,
    cost: trace.cost,
  };
}

/** What stands behind them: the sums in dollars, and the prices taken so far. */
export function traceTailJson(sums: TraceWorth, valuer: Valuer): object {
  return { usd: worthTotalsJson(sums, valuer), prices: pricesJson(valuer) };
}

export function holdingJson({ ref, address, asset, amount, hops, limit }: Holding, worth: ExactWorth): object {
  return {
    ...(ref === undefined ? {} : { ref }),
    address,
    asset,
    amount: amountJson(amount),
    hops,
    ...(limit === undefined ? {} : { limit }),
    usd: worthJson(roundWorth(worth)),
  };
}

export function exitJson(exit: Exit, worth: ExactWorth): object {
  const { ref, address, entity, category, asset, amount, hops, txid, height, time } = exit;
  return {
    ref,
    address,
    entity,
    category,
    asset,
    amount: String(amount),
    hops,
    transaction: txid,
    block: height,
    time: isoTime(time),
    usd: worthJson(roundWorth(worth)),
  };
}

function* list<One>(name: string, rows: Iterable<One>, form: (one: One) => object): Iterable<string> {
  let text = `  "${name}": [`;
  let separator = "\n    ";
  for (const row of rows) {
    text += separator + JSON.stringify(form(row));
    separator = ",\n    ";
    if (text.length < pieceLength) continue;
    yield text;
    text = "";
  }
  yield `${text}${separator === "\n    " ? "" : "\n  "}]`;
}

/** A path as a value of JSON. */
export function pathJson(steps: readonly PathStep[], valuer: Valuer): readonly object[] {
  return steps.map(({ txid, height, time, amount, ...one }) => ({
    ...one,
    amount: String(amount),
    transaction: txid,
    block: height,
    time: isoTime(time),
    usd: worthJson(roundWorth(valuer.worth(one.asset, amount, time))),
  }));
}

/** Base units as decimal text; null where there is no amount. */
export function amountJson(amount: bigint | undefined): string | null {
  return amount === undefined ? null : String(amount);
}

/** Sums of an asset, as decimal text. */
export function assetJson({ asset, ...sums }: AssetTotals): object {
  return { asset, ...Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, amountJson(sum)])) };
}

/** A sum over all assets, of base units; null where one of them is not known. */
export function sumText(totals: readonly AssetTotals[], name: Exclude<keyof AssetTotals, "asset">): string | null {
  return amountJson(sumOfKnown(totals.map((one) => one[name])));
}

/** Times of blocks are said again and again, of everything in them. */
const saidTimes = new Map<number, string>();
const saidTimesMax = 10_000;

/** `2017-08-01T12:00:00Z`. */
export function isoTime(time: number): string {
  let text = saidTimes.get(time);
  if (text === undefined) {
    text = `${new Date(time * 1_000).toISOString().slice(0, 19)}Z`;
    if (saidTimes.size === saidTimesMax) saidTimes.clear();
    saidTimes.set(time, text);
  }
  return text;
}
