/** What a part of the flow is called and how it is told. */
import { formatShare, type Millionths } from "../../../src/base/usd.ts";
import { serviceKind } from "../../base/service-kinds.ts";
import { categoryText } from "../../text/category-words.ts";
import type { Text } from "../../text/text.ts";
import type { FlowPart } from "./flow-shares.ts";
import { words } from "./flow-words.ts";

/** What colours a part: a service what it is. */
export function toneOf({ kind, category }: Pick<FlowPart, "kind" | "category">): string {
  return kind === "exit" ? serviceKind(category) : kind;
}

/** A part's name: of services what they are. */
export function partText({ kind, category, services }: FlowPart): Text {
  if (kind !== "exit") return words[kind];
  if (category !== "") return categoryText(category);
  return services.length === 0 ? words.otherServices : words.uncategorised;
}

/** A share as percent; a trace of one is never shown as none. */
export function shareText(share: Millionths | undefined): string | undefined {
  if (share === undefined) return undefined;
  return share > 0 && share < 500 ? "<0.1%" : formatShare(share);
}
