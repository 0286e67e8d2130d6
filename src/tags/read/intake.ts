import type { KnownChain } from "../../base/chains.ts";
import { parsePeriod } from "../../base/day.ts";
import { Failure, isFailure } from "../../base/failure.ts";
import { confidences, type Confidence } from "../actor.ts";
import type { Attributes } from "../attributes.ts";
import { categories } from "../category.ts";
import { confidenceOf, gradeOf, type Grade } from "../confidence.ts";
import type { NewTag } from "../new-tag.ts";
import type { TagSubject } from "../tag.ts";
import { place } from "./chain-hint.ts";
import type { FindingLog } from "./findings.ts";
import type { TagInput } from "./tag-input.ts";

/** What a user says for tags whose file does not. */
export type TagDefaults = {
  readonly chain: KnownChain | undefined;
  readonly label: string | undefined;
  readonly category: string | undefined;
  readonly confidence: string | undefined;
  readonly sourceName: string | undefined;
  readonly url: string | undefined;
  readonly licence: string | undefined;
};

export const noDefaults: TagDefaults = {
  chain: undefined,
  label: undefined,
  category: undefined,
  confidence: undefined,
  sourceName: undefined,
  url: undefined,
  licence: undefined,
};

const labelMax = 1_000;
const textMax = 4_000;
const detailMax = 65_536;
/** So many base58 addresses in the wrong case, and none in the right one, are a list that was cast to it. */
const castMin = 3;
const base58 = /^[1-9A-HJ-NP-Za-km-z]{25,44}$/u;

/** Checks what a reader found and makes it tags; what cannot be one becomes a finding. */
export class Intake {
  readonly #log: FindingLog;
  readonly #defaults: TagDefaults;
  #cast = 0;
  #cased = 0;
  #firstCast: { readonly line: number; readonly why: string } | undefined;

  constructor(log: FindingLog, defaults: TagDefaults) {
    this.#log = log;
    this.#defaults = defaults;
  }

  /** The tag; undefined where a finding says why there is none. */
  read(input: TagInput): NewTag | undefined {
    const subject = this.#subject(input);
    if (subject === undefined) return undefined;
    const { line } = input;
    const label = cleaned(input.label) ?? this.#defaults.label;
    if (label === undefined) return this.#reject(line, "no label", "it has no label, and none was given with --label");
    const sourceName = cleaned(input.sourceName) ?? this.#defaults.sourceName;
    const url = cleaned(input.url) ?? this.#defaults.url;
    if (sourceName === undefined && url === undefined) {
      return this.#reject(line, "no source", "it names no source, and none was given with --source");
    }
    const confidence = this.#confidence(input);
    if (confidence === undefined) return undefined;
    const details = (input.details ?? []).map(([name, text]) => [name.toWellFormed(), text.toWellFormed()] as const);
    const texts = [input.category, input.abuse, input.actor, input.sourceName, input.url, input.licence, input.date];
    if (
      label.length > labelMax ||
      texts.some((text) => text !== undefined && text.length > textMax) ||
      details.reduce((sum, [name, text]) => sum + name.length + text.length, 0) > detailMax
    ) {
      return this.#reject(line, "too long", `a text of it is too long (a label has at most ${labelMax} characters)`);
    }
    // A page about this very address is no other tag's: it stands with the tag, and not among what tags share.
    const isOwn = url?.toLowerCase().includes(input.subject.text.trim().toLowerCase()) === true;
    const shared = { ...confidence, sourceName: sourceName ?? hostOf(url), url: isOwn ? undefined : url };
    const attributes = this.#attributes(input, shared);
    return attributes === undefined ? undefined : { subject, label, url: isOwn ? url : undefined, details, attributes };
  }

  /**
   * To be called at the end of a file.
   *
   * @throws {Failure} `SOURCE_INVALID` for a list whose base58 addresses were all cast to one case.
   */
  end(file: string): void {
    if (this.#cast < castMin || this.#cased > 0) return;
    const why =
      `the ${this.#cast} base58 addresses in it were cast to one case, so that nobody can tell which they are ` +
      `(the first: ${this.#firstCast?.why ?? ""})`;
    const where = `line ${this.#firstCast?.line ?? 1}`;
    const mend = "take the list from its original source; nothing of it was imported";
    throw new Failure("SOURCE_INVALID", { source: file, where, why, mend });
  }

  #subject({ line, subject }: TagInput): TagSubject | undefined {
    const text = subject.text.trim();
    if (subject.kind === "incident") {
      if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(text) && text.length <= 128) return { kind: "incident", incident: text };
      return this.#reject(line, "invalid incident", `"${text}" is no id of an incident`);
    }
    const hint =
      subject.chain.kind === "form" && this.#defaults.chain !== undefined
        ? ({ kind: "chain", chain: this.#defaults.chain } as const)
        : subject.chain;
    try {
      const { chain, text: canonical } = place(subject.kind, text, hint);
      if (base58.test(canonical) && canonical !== canonical.toLowerCase()) this.#cased += 1;
      return subject.kind === "address"
        ? { kind: "address", chain: chain.id, address: canonical }
        : { kind: "transaction", chain: chain.id, txid: canonical };
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (error.code === "UNKNOWN_NAME") return this.#reject(line, "unknown chain", error.message);
      if (error.code !== "INVALID_VALUE") throw error;
      const isCast = error.message.includes("case-sensitive");
      if (isCast) {
        this.#cast += 1;
        this.#firstCast ??= { line, why: error.message };
      }
      return this.#reject(line, isCast ? "lost case" : `invalid ${subject.kind}`, error.message);
    }
  }

  #confidence(input: TagInput): { readonly confidence: Confidence; readonly grade: Grade | undefined } | undefined {
    const { line } = input;
    const word = cleaned(input.confidence) ?? this.#defaults.confidence;
    const graded = gradeOf(cleaned(input.grade) ?? "");
    if (word === undefined) {
      return this.#reject(line, "no confidence", "it has no confidence, and none was given with --confidence");
    }
    const step = confidences.find((one) => one === word);
    if (step !== undefined) return { confidence: step, grade: graded };
    const grade = gradeOf(word);
    if (grade !== undefined) return { confidence: confidenceOf(grade), grade };
    const known = `use one of ${confidences.join(", ")}, or a word of GraphSense's`;
    return this.#reject(line, "unknown confidence", `the confidence "${word}" is no word that is known; ${known}`);
  }

  #attributes(
    input: TagInput,
    given: Pick<Attributes, "confidence" | "grade" | "sourceName" | "url">,
  ): Attributes | undefined {
    const category = cleaned(input.category) ?? this.#defaults.category;
    const abuse = cleaned(input.abuse);
    const concepts = [...new Set((input.concepts ?? []).map(cleaned))].filter((word) => word !== undefined);
    for (const word of [category, abuse, ...concepts]) {
      if (word === undefined || categories.has(word)) continue;
      this.#log.warn(input.line, `"${word}" is not in the taxonomy of categories`, "it is kept as it is");
    }
    const [from, to] = [cleaned(input.from), cleaned(input.to)];
    if (!isPeriod(from) || !isPeriod(to)) {
      return this.#reject(
        input.line,
        "invalid date",
        `"${isPeriod(from) ? to : from}" is not a day, a month or a year`,
      );
    }
    return {
      category,
      concepts,
      abuse,
      actor: cleaned(input.actor),
      ...given,
      date: cleaned(input.date),
      licence: cleaned(input.licence) ?? this.#defaults.licence,
      from,
      to,
      clusterDefiner: definer(input.clusterDefiner),
    };
  }

  #reject(line: number, reason: string, what: string): undefined {
    this.#log.reject(line, reason, what);
    return undefined;
  }
}

function cleaned(text: string | undefined): string | undefined {
  const trimmed = text?.trim().toWellFormed();
  return trimmed === "" ? undefined : trimmed;
}

function isPeriod(text: string | undefined): boolean {
  if (text === undefined) return true;
  try {
    return parsePeriod(text).text !== "";
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) return false;
    throw error;
  }
}

function definer(text: string | undefined): Attributes["clusterDefiner"] {
  const word = text?.trim().toLowerCase();
  return word === "true" || word === "yes" ? "yes" : word === "false" || word === "no" ? "no" : "unknown";
}

/** Who publishes at a URL, for a source that has no other name. */
function hostOf(url: string | undefined): string {
  return /^(?:[a-z]+:\/\/)?(?<host>[^/\s]+)/iu.exec(url ?? "")?.groups?.["host"] ?? url ?? "";
}
