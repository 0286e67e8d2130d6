import { Ajv2020 } from "ajv/dist/2020.js";
import { LineCounter, isNode, parseDocument } from "yaml";
import rulesSchema from "../../data/schema/rules.schema.json" with { type: "json" };
import { Failure } from "../base/failure.ts";
import { confidenceReaches, type Confidence } from "../tags/actor.ts";
import { isWithin } from "../tags/category.ts";
import type { Fact } from "./fact.ts";

export type Direction = "deposit" | "withdrawal";

/** One rule, as its file has it: scalars are text. */
export type Rule = {
  readonly id: string;
  readonly level: "low" | "medium" | "high";
  readonly reason: string;
  readonly categories: readonly string[];
  readonly evidence?: Fact["evidence"];
  readonly direction?: Direction;
  readonly reach?: "direct" | "indirect";
  readonly policy?: "fifo" | "haircut";
  readonly "share-min"?: string;
  readonly "usd-min"?: string;
  readonly "hops-max"?: string;
  readonly "age-max-days"?: string;
  readonly "confidence-min"?: Confidence;
};
export type RuleSet = { readonly name: string; readonly version: string; readonly rules: readonly Rule[] };

const validate = new Ajv2020({ validateSchema: false }).compile<RuleSet>(rulesSchema);
const mend = "see data/schema/rules.schema.json and docs/screening.md";

/**
 * Reads a file of rules.
 *
 * @throws {Failure} `RULES_INVALID`, with the line of the first thing that is wrong.
 */
export function readRules(file: string, text: string): RuleSet {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, why: string): Failure =>
    new Failure("RULES_INVALID", { place: { file, line: lines.linePos(offset).line }, why, mend });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw fail(problem.pos[0], `not valid YAML: ${problem.message.split("\n", 1)[0] ?? ""}`);
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const offsetOf = (path: readonly (string | number)[]): number => {
    const node: unknown = document.getIn(path, true);
    return isNode(node) ? (node.range?.[0] ?? 0) : 0;
  };
  if (!validate(value)) {
    const [error] = validate.errors ?? [];
    const steps = (error?.instancePath ?? "").split("/").slice(1);
    const path = steps.map((step) => (/^[0-9]+$/u.test(step) ? Number.parseInt(step, 10) : step));
    throw fail(offsetOf(path), `${path.join(".") || "the file"} ${error?.message ?? "breaks the schema"}`);
  }
  const ids = new Set<string>();
  for (const [place, { id }] of value.rules.entries()) {
    if (ids.has(id)) throw fail(offsetOf(["rules", place, "id"]), `two rules are named ${id}`);
    ids.add(id);
  }
  return value;
}

/** Whether a rule holds of a fact; or what is not known that it asks for. */
export function applies(
  rule: Rule,
  fact: Fact,
  at: { readonly direction: Direction; readonly time: number },
): boolean | string {
  if (rule.evidence !== undefined && rule.evidence !== fact.evidence) return false;
  if (rule.direction !== undefined && rule.direction !== at.direction) return false;
  if (!rule.categories.some((category) => isWithin(fact.category, category))) return false;
  const least = rule["confidence-min"];
  if (least !== undefined && !confidenceReaches(fact.confidence, least)) return false;
  if (rule.reach !== undefined && (fact.hops <= 1 ? "direct" : "indirect") !== rule.reach) return false;
  if (rule.policy !== undefined && fact.policy !== rule.policy) return false;
  if (rule["hops-max"] !== undefined && fact.hops > Number.parseInt(rule["hops-max"], 10)) return false;
  const age = rule["age-max-days"];
  if (age !== undefined && (fact.last === null || at.time - fact.last > Number.parseInt(age, 10) * 86_400))
    return false;
  const share = rule["share-min"];
  if (share !== undefined && !isShareReached(fact, share))
    return fact.whole === null ? `the share of ${fact.name} (rule ${rule.id})` : false;
  const usd = rule["usd-min"];
  if (usd === undefined) return true;
  if (fact.usd === null) return `a price for ${fact.asset ?? fact.name} (rule ${rule.id})`;
  return fact.usd >= cents(usd);
}

function isShareReached({ amount, whole }: Fact, share: string): boolean {
  if (amount === null || whole === null || whole === 0n) return false;
  const [units = "0", part = ""] = share.slice(0, -1).split(".");
  return amount * 1_000_000n >= BigInt(units + part.padEnd(4, "0")) * whole;
}

function cents(text: string): bigint {
  const [units = "0", part = ""] = text.split(".");
  return BigInt(units + part.padEnd(2, "0"));
}
