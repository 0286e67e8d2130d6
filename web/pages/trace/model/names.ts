import { instantText } from "../../../base/dates.ts";
import type { Locale } from "../../../base/locale.ts";
import { percent, whole } from "../../../base/numbers.ts";
import { shortAddress, shortenAll, shortTxid } from "../../../base/shorten.ts";
import type { Usd } from "../../../../src/base/usd.ts";
import { headlineUsd } from "../../../base/usd.ts";
import { say } from "../../../text/text.ts";
import type { View, ViewNode } from "../group/view.ts";
import type { Picture } from "../layout/picture.ts";
import { words } from "../words.ts";
import { amountText, symbolOf } from "./asset-text.ts";
import { dollarsOf, type AssetSum } from "./flow.ts";

/** What things are called, in a language. */
export type Names = {
  readonly locale: Locale;
  /** A node's name alone. */
  readonly node: (node: ViewNode) => string;
  /** Sums in dollars where there are prices, else in their assets. */
  readonly sums: (sums: readonly AssetSum[]) => string;
  readonly usd: (cents: bigint) => string;
};

/** @param addresses - All that a view may name: those that shorten alike are told apart, once the first is named. */
export function namesOf(locale: Locale, addresses: () => readonly string[]): Names {
  let short: ReturnType<typeof shortenAll> | undefined;
  const usd = (cents: bigint): string => headlineUsd(cents as Usd, locale);
  const sums = (list: readonly AssetSum[]): string => {
    if (list.length === 0) return "";
    const { cents, isPartial, isUnknown } = dollarsOf(list);
    if (isUnknown) return list.map(({ asset, amount }) => `${amountText(asset, amount)} ${symbolOf(asset)}`).join(", ");
    return isPartial ? `≥${usd(cents)}` : usd(cents);
  };
  const label = ({ main }: ViewNode): string => {
    if (main.kind === "transaction") return shortTxid(main.label);
    if (main.kind === "mint") return say(locale, words.nodeMint);
    if (main.kind === "output") return `${shortTxid(main.label)}:${main.label.split(":").at(-1) ?? ""}`;
    short ??= shortenAll(addresses());
    return short.get(main.label)?.text ?? shortAddress(main.label);
  };
  return { locale, usd, sums, node: (node) => nodeName(locale, node, label(node)) };
}

function nodeName(locale: Locale, node: ViewNode, label: string): string {
  const { kind, main, count, id } = node;
  const n = whole(count);
  const own = main.exit?.entity ?? main.entity ?? label;
  switch (kind) {
    case "entity":
      return say(locale, words.groupEntity, { name: own, n });
    case "fan":
      return say(locale, main.kind === "transaction" ? words.groupFanTx : words.groupFan, { n });
    case "peel":
      return say(locale, words.groupPeel, { n });
    case "collapsed":
      return say(locale, words.groupCollapsed, { name: own, n: whole(count - 1) });
    case "rest":
      return restName(locale, id, n);
    default:
      if (main.kind === "group")
        return restName(locale, id.replace(/^group:service:/u, "rest:entity:").replace(/^group:hop:/u, "rest:hop:"), n);
      return main.kind === "swap"
        ? say(locale, words.swapInto, { asset: symbolOf(main.received[0]?.asset ?? "") })
        : own;
  }
}

function restName(locale: Locale, id: string, n: string): string {
  const entity = /^rest:entity:(?<name>.*)$/su.exec(id)?.groups?.["name"];
  if (entity !== undefined) return say(locale, words.groupRest, { name: entity, n });
  const hop = /^rest:hop:(?<hop>[0-9]+)/u.exec(id)?.groups?.["hop"] ?? "";
  return say(locale, words.groupRestHop, { hop, n });
}

/** What is written beside a mark of a picture, and below it. */
export function labelText(
  names: Names,
  view: View,
  { place, isReturn }: Picture["nodes"][number],
): readonly [name: string, detail: string] {
  const node = view.nodes[place];
  if (node === undefined) return ["", ""];
  const name = names.node(node);
  if (isReturn) return [say(names.locale, words.returnsTo, { name }), ""];
  const isGroup = node.kind !== "single" || node.main.kind === "group";
  const amount = names.sums(node.exits.length > 0 ? node.exits : node.isOrigin || isGroup ? incoming(node) : []);
  const share = node.share === undefined ? "" : ` · ${percent(node.share)}`;
  const detail = `${amount === "" ? names.sums(incoming(node)) : ""}${share} · ${instantText(isoOf(node.first), names.locale)}`;
  return [amount === "" ? name : `${name} ${amount}`, detail.replace(/^ · /u, "")];
}

/** What came to a node, or, where nothing did, what it paid. */
export function incoming({ received, paid, rests }: ViewNode): readonly AssetSum[] {
  return received.length > 0 ? received : paid.length > 0 ? paid : rests;
}

/** Unix seconds as the API writes instants. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
