import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { LineCounter, isNode, parseDocument, visit, type Document } from "yaml";
import actorSchema from "../../data/schema/actor.schema.json" with { type: "json" };
import incidentSchema from "../../data/schema/incident.schema.json" with { type: "json" };
import publishedSchema from "../../data/schema/published.schema.json" with { type: "json" };
import type { Place } from "../base/failure-codes.ts";
import { isFailure } from "../base/failure.ts";
import type { Finding } from "../base/finding.ts";

/** A step into a YAML document: keys and indexes from the root. */
export type Path = readonly (string | number)[];

export type FileKind = "actor" | "incident" | "published";
export type TextFile = { readonly path: string; readonly text: string };

// The schemas themselves are checked against the meta-schema by a test: doing it at each start costs more than all the files.
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, validateSchema: false });
const validators: Readonly<Record<FileKind, () => ValidateFunction>> = {
  actor: lazily(() => ajv.compile(actorSchema)),
  incident: lazily(() => ajv.compile(incidentSchema)),
  published: lazily(() => ajv.compile(publishedSchema)),
};

/**
 * One YAML file of the register, while it is read: its content, and findings that know their line.
 *
 * All scalars are read as text (YAML's failsafe schema): no amount becomes a float, no country `NO` a boolean, no date
 * a time stamp.
 */
export class RegisterFile<Content> {
  readonly path: string;
  readonly findings: Finding[] = [];
  /** The validated content; undefined where the file is no YAML or breaks its schema. */
  readonly content: Content | undefined;
  readonly #text: string;
  #located: { readonly document: Document.Parsed; readonly lines: LineCounter } | undefined;

  constructor(kind: FileKind, file: TextFile) {
    this.path = file.path;
    this.#text = file.text;
    const parsed = parseStrictly(file.text);
    if ("why" in parsed) {
      this.#add(parsed.offset, `not valid YAML: ${parsed.why}`, "correct the file's syntax");
      return;
    }
    const { value } = parsed;
    const validate = validators[kind]();
    if (validate(value)) this.content = value as Content;
    else for (const problem of leafProblems(validate.errors ?? [])) this.#addProblem(problem);
  }

  /** The place of what stands at a path; of its nearest parent where that is missing. */
  place(path: Path): Place {
    const { document, lines } = (this.#located ??= locate(this.#text));
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range !== undefined && node.range !== null) {
        return { file: this.path, line: lines.linePos(node.range[0]).line };
      }
    }
    return { file: this.path, line: 1 };
  }

  error(path: Path, what: string, mend: string): void {
    this.findings.push({ severity: "error", place: this.place(path), what, mend });
  }

  warning(path: Path, what: string, mend: string): void {
    this.findings.push({ severity: "warning", place: this.place(path), what, mend });
  }

  /** What `read` returns; where it fails, undefined and a finding at the path. */
  attempt<Result>(path: Path, read: () => Result): Result | undefined {
    try {
      return read();
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      this.error(path, thrown.message, "correct the value");
      return undefined;
    }
  }

  #add(offset: number, what: string, mend: string): void {
    const line = this.#text.slice(0, offset).split("\n").length;
    this.findings.push({ severity: "error", place: { file: this.path, line }, what, mend });
  }

  #addProblem(problem: ErrorObject): void {
    const path = problem.instancePath
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
      .map((step) => (/^[0-9]+$/u.test(step) ? Number(step) : step));
    const extra = problem.keyword === "additionalProperties" ? [String(problem.params["additionalProperty"])] : [];
    const name = path.length === 0 ? "the file" : path.join(".");
    this.error([...path, ...extra], `${name} ${describe(problem)}`, "see the schema in data/schema");
  }
}

/**
 * A YAML text as plain values. Aliases are refused: a register has no use for them, and a few of them can stand for
 * gigabytes.
 */
function parseStrictly(text: string): { readonly value: unknown } | { readonly why: string; readonly offset: number } {
  try {
    const document = parseDocument(text, { schema: "failsafe", prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) return { why: firstLine(problem.message), offset: problem.pos[0] };
    let alias: number | undefined;
    visit(document, { Alias: (_key, { range }) => ((alias = range?.[0] ?? 0), visit.BREAK) });
    if (alias !== undefined) return { why: "aliases (*name) are not allowed", offset: alias };
    return { value: document.toJS() };
  } catch (thrown) {
    // The parser is recursive: a text of brackets alone can exhaust the stack.
    if (!(thrown instanceof RangeError)) throw thrown;
    return { why: "it is nested too deeply", offset: 0 };
  }
}

function locate(text: string): { readonly document: Document.Parsed; readonly lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false }), lines };
}

/** Of a failed union only the branch that came furthest tells the author anything; the `anyOf` itself does not. */
function leafProblems(problems: readonly ErrorObject[]): readonly ErrorObject[] {
  const leaves = problems.filter((problem) => problem.keyword !== "anyOf");
  const seen = new Set<string>();
  const first = leaves.filter((problem) => {
    const key = `${problem.instancePath} ${problem.keyword === "const" ? "const" : problem.message}`;
    if (seen.has(key) || (problem.keyword === "type" && hasSibling(problem, leaves))) return false;
    seen.add(key);
    return true;
  });
  return first.length === 0 ? problems : first;
}

/** A `type` error beside another error at the same place comes from a branch that was never meant. */
function hasSibling(problem: ErrorObject, all: readonly ErrorObject[]): boolean {
  return all.some((other) => other.instancePath === problem.instancePath && other.keyword !== "type");
}

function describe(problem: ErrorObject): string {
  switch (problem.keyword) {
    case "additionalProperties":
      return `has a key "${String(problem.params["additionalProperty"])}" that is not known`;
    case "required":
      return `lacks "${String(problem.params["missingProperty"])}"`;
    case "pattern":
      return `does not have the form ${String(problem.params["pattern"])}`;
    case "const":
      return "is not one of the words allowed here";
    default:
      return problem.message ?? "breaks the schema";
  }
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
