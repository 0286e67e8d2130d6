/** Reads the source tree as what the tidy rules judge: imports, lengths, literals and calls of each file. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parseSync, type Program } from "oxc-parser";

export type SourceFile = {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly string[];
  readonly functions: readonly { readonly name: string; readonly line: number; readonly lines: number }[];
  /** Numeric literals, calls and type assertions that the rule on money looks at, as written. */
  readonly marks: readonly {
    readonly kind: "float" | "call" | "brand";
    readonly text: string;
    readonly line: number;
  }[];
};

/** Every TypeScript file below the folders. */
export function readTree(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
      .toSorted()
      .map((file) => readSource(file, readFileSync(path.join(root, file), "utf8"))),
  );
}

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };

/** One file's text as the rules see it. */
export function readSource(file: string, text: string): SourceFile {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message ?? "does not parse"}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const imports: string[] = [];
  const functions: SourceFile["functions"][number][] = [];
  const marks: SourceFile["marks"][number][] = [];
  walk(program, (node, name) => {
    const written = text.slice(node.start, node.end);
    const from = importOf(node);
    if (from?.startsWith(".") === true) imports.push(path.posix.join(path.posix.dirname(file), from));
    if (/^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/u.test(node.type)) {
      functions.push({ name, line: lineOf(node.start), lines: written.split("\n").length });
    }
    const mark = markOf(node, written);
    if (mark !== undefined) marks.push({ ...mark, line: lineOf(node.start) });
  });
  return { path: file, lines: text.trimEnd().split("\n").length, imports, functions, marks };
}

function importOf(node: Node): string | undefined {
  if (!/^(?:Import|ExportNamed|ExportAll)Declaration$|^ImportExpression$/u.test(node.type)) return undefined;
  return (node["source"] as { readonly value?: string } | null)?.value;
}

const floatCalls = /^(?:Number|parseFloat|Number\.parseFloat|Math\.(?:round|floor|ceil|trunc|pow|fround))$/u;
const floatMethods = /\.(?:toFixed|toPrecision|toExponential)$/u;

function markOf(
  node: Node,
  written: string,
): { readonly kind: "float" | "call" | "brand"; readonly text: string } | undefined {
  if (node.type === "Literal" && /^[0-9_]*\.[0-9]|^[0-9][0-9_.]*e/iu.test(written))
    return { kind: "float", text: written };
  if (node.type === "CallExpression") {
    const callee = node["callee"] as Node;
    const name = written.slice(0, callee.end - node.start);
    if (floatCalls.test(name) || floatMethods.test(name)) return { kind: "call", text: written };
  }
  if (node.type === "TSAsExpression") {
    const brand = /\bas (?<brand>Usd|Units|Millionths)$/u.exec(written)?.groups?.["brand"];
    if (brand !== undefined) return { kind: "brand", text: brand };
  }
  return undefined;
}

function walk(program: Program, visit: (node: Node, name: string) => void): void {
  const pending: { readonly value: unknown; readonly name: string }[] = [{ value: program, name: "(module)" }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, name } = next;
    if (Array.isArray(value)) pending.push(...value.map((item: unknown) => ({ value: item, name })));
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    const node = value as Node;
    const own = (node["id"] as { readonly name?: string } | null | undefined)?.name ?? name;
    if (typeof node.type === "string") visit(node, own);
    for (const [key, child] of Object.entries(node)) if (key !== "parent") pending.push({ value: child, name: own });
  }
}
