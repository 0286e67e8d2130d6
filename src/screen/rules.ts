import { createHash } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020.js";
import { LineCounter, isNode, parseDocument } from "yaml";
import { Failure } from "../base/failure.ts";
import { nearest } from "../base/nearest.ts";
import { parseUsd, type Usd } from "../base/usd.ts";
import type { Confidence } from "../tags/actor.ts";
import { categories } from "../tags/category.ts";
import { RuleSetFile, type Rule as RuleFile } from "./rules-schema.ts";
import type { AcceptableGap, EvidenceKind, IndexPolicy, Level } from "./words.ts";

/** One rule; what is undefined is not asked. */
export type Rule = {
  readonly id: string;
  readonly level: Level;
  /** As the file has it: in both languages, or one text. */
  readonly reason: string | { readonly en: string; readonly ja: string };
  /** Ids of the taxonomy, and `theft`; each covers what is within it. */
  readonly categories: readonly string[];
  readonly evidence: EvidenceKind | undefined;
  readonly direction: "deposit" | "withdrawal" | undefined;
  readonly reach: "direct" | "indirect" | undefined;
  readonly policy: IndexPolicy | undefined;
  /** In millionths of the whole. */
  readonly shareMin: bigint | undefined;
  readonly usdMin: Usd | undefined;
  readonly hopsMin: number | undefined;
  readonly hopsMax: number | undefined;
  readonly ageMaxDays: number | undefined;
  readonly confidenceMin: Confidence | undefined;
};

/** A rule's reason in English, or as its file has it; and in Japanese where the file says it in that too. */
export function reasonFields({ reason }: Pick<Rule, "reason">): {
  readonly reason: string;
  readonly reasonJa: string | null;
} {
  return typeof reason === "string" ? { reason, reasonJa: null } : { reason: reason.en, reasonJa: reason.ja };
}

/** A versioned set of rules. */
export type RuleSet = {
  readonly name: string;
  readonly version: string;
  /** Gaps that do not keep from `clear`. */
  readonly accept: readonly AcceptableGap[];
  readonly rules: readonly Rule[];
  /** SHA-256 of what the file says, whatever its spaces, comments and order of keys. */
  readonly digest: string;
};

/** The category of the register's incidents, which is none of the taxonomy. */
export const theftCategory = "theft";

const validate = new Ajv2020({ validateSchema: false }).compile<RuleSetFile>(RuleSetFile);
const mend = "see data/schema/rules.schema.json and docs/screening.md";

/**
 * Reads a file of rules.
 *
 * @throws {Failure} `RULES_INVALID`, with the line of the first thing that is wrong.
 */
export function readRules(file: string, text: string): RuleSet {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, why: string, how = mend): Failure =>
    new Failure("RULES_INVALID", { place: { file, line: lines.linePos(offset).line }, why, mend: how });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw fail(problem.pos[0], `not valid YAML: ${problem.message.split("\n", 1)[0] ?? ""}`);
  const value: unknown = withoutAliases(document, fail);
  const offsetOf = (path: readonly (string | number)[]): number => {
    const node: unknown = document.getIn(path, true);
    return isNode(node) ? (node.range?.[0] ?? 0) : path.length === 0 ? 0 : offsetOf(path.slice(0, -1));
  };
  if (!validate(value)) {
    // Of a reason that is neither a text nor one in each language all that fits neither is reported; the choice comes last.
    const errors = validate.errors ?? [];
    const choice = errors.find(({ keyword }) => keyword === "anyOf");
    const error = choice ?? errors[0];
    const steps = (error?.instancePath ?? "").split("/").slice(1);
    const path = steps.map((step) => (/^[0-9]+$/u.test(step) ? Number.parseInt(step, 10) : step));
    const extra = (error?.params as { readonly additionalProperty?: string } | undefined)?.additionalProperty;
    const allowed = (error?.params as { readonly allowedValues?: readonly string[] } | undefined)?.allowedValues;
    const more = extra === undefined ? (allowed === undefined ? "" : `: ${allowed.join(", ")}`) : `: ${extra}`;
    throw fail(
      offsetOf(extra === undefined ? path : [...path, extra]),
      `${path.join(".") || "the file"} ${choice === undefined ? (error?.message ?? "breaks the schema") : oneOrEach}${more}`,
    );
  }
  const ids = new Set<string>();
  for (const [place, rule] of value.rules.entries()) {
    if (ids.has(rule.id)) throw fail(offsetOf(["rules", place, "id"]), `two rules are named ${rule.id}`);
    ids.add(rule.id);
    const wrong = contradiction(rule);
    if (wrong !== undefined) throw fail(offsetOf(["rules", place, wrong.key]), `${rule.id}: ${wrong.why}`);
    for (const [at, id] of rule.categories.entries()) {
      if (id === theftCategory || categories.has(id)) continue;
      const how = nearest(id, [theftCategory, ...categories.keys()], "docs/methods/tags.md has the categories");
      throw fail(offsetOf(["rules", place, "categories", at]), `there is no category ${id}`, how);
    }
  }
  return ruleSet(value);
}

const oneOrEach = "must be one text, or one in each language: en and ja";

/** Anchors and aliases are refused: what a rule says stands where it stands. */
function withoutAliases(
  document: ReturnType<typeof parseDocument>,
  fail: (offset: number, why: string) => Failure,
): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (thrown) {
    if (thrown instanceof ReferenceError) throw fail(0, "aliases are not read; write each rule out");
    throw thrown;
  }
}

const exposureKeys = ["policy", "reach", "share-min", "usd-min", "hops-min", "hops-max", "age-max-days"] as const;

/** What can never hold, or says nothing: a threshold of exposure asked of a tag, and bounds the wrong way round. */
function contradiction(rule: RuleFile): { readonly key: keyof RuleFile; readonly why: string } | undefined {
  const { "hops-min": least, "hops-max": most } = rule;
  if (rule.evidence === "tag" || rule.evidence === "cluster") {
    const key = exposureKeys.find((one) => rule[one] !== undefined);
    if (key !== undefined) return { key, why: `${key} asks of an exposure, and the rule looks at a ${rule.evidence}` };
  }
  if (least !== undefined && most !== undefined && count(least) > count(most))
    return { key: "hops-max", why: "hops-max is below hops-min, so that it never holds" };
  return undefined;
}

function ruleSet({ name, version, accept = [], rules }: RuleSetFile): RuleSet {
  const known = { name, version, accept: [...accept].toSorted(), rules: rules.map(ruleOf) };
  const digest = createHash("sha256")
    .update(
      JSON.stringify({
        ...known,
        rules: rules.map((rule) => Object.entries({ ...rule, reason: inOrder(rule.reason) }).toSorted(byKey)),
      }),
    )
    .digest("hex");
  return { ...known, digest };
}

/** English first, in whatever order the file has them. */
function inOrder(reason: RuleFile["reason"]): Rule["reason"] {
  return typeof reason === "string" ? reason : { en: reason.en, ja: reason.ja };
}

function ruleOf(rule: RuleFile): Rule {
  const { "share-min": share, "usd-min": usd } = rule;
  return {
    id: rule.id,
    level: rule.level,
    reason: inOrder(rule.reason),
    categories: rule.categories,
    evidence: rule.evidence,
    direction: rule.direction,
    reach: rule.reach,
    policy: rule.policy,
    shareMin: share === undefined ? undefined : millionths(share),
    usdMin: usd === undefined ? undefined : parseUsd(usd),
    hopsMin: counted(rule["hops-min"]),
    hopsMax: counted(rule["hops-max"]),
    ageMaxDays: counted(rule["age-max-days"]),
    confidenceMin: rule["confidence-min"],
  };
}

/** `12.5%` as 125,000. */
function millionths(percent: string): bigint {
  const [units = "0", part = ""] = percent.slice(0, -1).split(".");
  return BigInt(units + part.padEnd(4, "0"));
}

const count = (text: string): number => Number.parseInt(text, 10);
const counted = (text: string | undefined): number | undefined => (text === undefined ? undefined : count(text));

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
