/** The rules that the source tree keeps; each returns its violations, a line each. */
import type { SourceFile } from "./source-tree.ts";

/** The tree's order: a file imports from its own folder and from those above it in this list. */
export const folderOrder = [
  "base",
  "chains",
  "store",
  "ledger",
  "ingest",
  "prices",
  "tags",
  "clusters",
  "incidents",
  "trace",
  "losses",
  "screen",
  "watch",
  "evidence",
  "demo",
  "io",
  "http",
  "cli",
] as const;

/** The pages' order, likewise; a page imports no other page. */
export const webOrder = ["base", "text", "routing", "data", "parts", "charts", "pages", "shell"] as const;
/** What the pages share with the program: nothing that reads a disk or knows a database. */
const shared =
  /^src\/(?:base\/|losses\/report\/(?:labels|places|map-classes|map-names|map-outlines)\.ts$|http\/(?:client\.ts$|contract\/))/u;

const fileLinesMax = 400;
const functionLinesMax = 70;

/** Files in which numbers that are not money become floats or plain numbers, each with its reason. */
const floatFiles: ReadonlyMap<string, string> = new Map([
  ["src/base/bytes.ts", "the low part of a number that is written in parts"],
  ["src/base/day.ts", "calendar arithmetic"],
  ["src/chains/bitcoin/address.ts", "the bits of a checksum"],
  ["src/base/nearest.ts", "edit distances"],
  ["src/base/decimal.ts", "the scale of a decimal"],
  ["src/base/usd.ts", "a share in millionths, made from integers"],
  ["src/incidents/read-published.ts", "years, counts and shares as printed"],
  ["src/incidents/register-file.ts", "indexes in a path"],
  ["src/ledger/dump.ts", "the middle of a search"],
  ["src/ledger/recent-hashes.ts", "the size of a table"],
  ["src/ledger/table.ts", "page numbers"],
  ["src/ledger/safe-number.ts", "amounts that doubles hold exactly"],
  ["src/losses/self-checks.ts", "a number of years"],
  ["src/io/ingest-status.ts", "seconds that are left"],
  ["src/http/callers.ts", "a rate"],
  ["src/http/metrics.ts", "seconds"],
  ["src/cli/arguments.ts", "a count"],
  ["src/cli/commands/audit.ts", "a line's number"],
  ["src/cli/progress.ts", "a rate"],
]);
/** Folders that draw: there money has become lengths on paper. */
const drawingFolders = ["src/losses/report/"];
const money = /\b(?:usd|low|high|net|recovered|central|cents)\b/iu;
const drawingBorder = "src/losses/report/pixels.ts";

/** Where each kind of money may be made from a bare integer. */
const brandFiles: ReadonlyMap<string, readonly string[]> = new Map([
  ["Usd", ["src/base/usd.ts"]],
  ["Units", ["src/base/amount.ts"]],
  ["Millionths", ["src/base/usd.ts", "src/incidents/read-published.ts"]],
]);

/** A file imports only downwards in the tree's order; the folders of chains never import each other. */
export function importOrder(files: readonly SourceFile[]): readonly string[] {
  return files.filter(isProgram).flatMap((file) =>
    file.imports
      .filter((target) => target.startsWith("src/"))
      .flatMap((target): readonly string[] => {
        const [from, to] = [rank(file.path), rank(target)];
        if (target === "src/index.ts") return [`${file.path} imports the public API; import the file itself`];
        if (to > from) return [`${file.path} imports ${target}, which is below it in the tree`];
        const chains = [file.path, target].map(
          (name) => /^src\/chains\/(?<chain>[^/]+)\//u.exec(name)?.groups?.["chain"],
        );
        if (chains[0] !== undefined && chains[1] !== undefined && chains[0] !== chains[1]) {
          return [`${file.path} imports ${target}: chains never import each other`];
        }
        return [];
      }),
  );
}

/** The pages import downwards in their own order, and of the program only what runs in a browser. */
export function webImports(files: readonly SourceFile[]): readonly string[] {
  return files.filter(isWeb).flatMap((file) =>
    file.imports.flatMap((target): readonly string[] => {
      if (target.startsWith("src/")) {
        return shared.test(target) ? [] : [`${file.path} imports ${target}, which is not shared with the pages`];
      }
      if (!target.startsWith("web/")) return [`${file.path} imports ${target}, which is outside`];
      const [from, to] = [webRank(file.path), webRank(target)];
      if (to > from) return [`${file.path} imports ${target}, which is below it in the tree`];
      const pages = [file.path, target].map((name) => /^web\/pages\/(?<page>[^/]+)\//u.exec(name)?.groups?.["page"]);
      if (pages[0] !== undefined && pages[1] !== undefined && pages[0] !== pages[1]) {
        return [`${file.path} imports ${target}: pages never import each other`];
      }
      return [];
    }),
  );
}

/** The sources of the pages, without their settings and styles. */
export function isWeb({ path }: SourceFile): boolean {
  return path.startsWith("web/") && !/\.(?:config|test)\.ts$/u.test(path);
}

/** A file's place in the pages' order; what stands in `web/` itself comes last. */
function webRank(file: string): number {
  const folder = /^web\/(?<folder>[^/]+)\//u.exec(file)?.groups?.["folder"];
  return folder === undefined ? webOrder.length : webOrder.findIndex((known) => known === folder);
}

/** Every folder of `src/` and `web/` has its place in the order. */
export function knownFolders(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => (file.path.startsWith("src/") ? rank(file.path) : isWeb(file) ? webRank(file.path) : 0) === -1)
    .map((file) => `${file.path} is in a folder that the tree does not know`);
}

/** No chain of imports comes back to its beginning. */
export function noCycles(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const target of imports.get(file) ?? []) visit(target, [...trail, file]);
    state.set(file, "done");
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

/** Files and functions keep their length. */
export function lengths(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => [
    ...(file.lines > fileLinesMax && !isTest(file)
      ? [`${file.path} has ${file.lines} lines, over ${fileLinesMax}`]
      : []),
    ...file.functions
      .filter((one) => one.lines > functionLinesMax && !isTest(file))
      .map((one) => `${file.path}:${one.line} ${one.name} has ${one.lines} lines, over ${functionLinesMax}`),
  ]);
}

/** Money never passes through floating point, and is made from bare integers only in its own file. */
export function noFloatMoney(files: readonly SourceFile[]): readonly string[] {
  return files.filter(isProgram).flatMap((file) =>
    file.marks.flatMap(({ kind, text, line }): readonly string[] => {
      const where = `${file.path}:${line}`;
      if (kind === "brand") {
        return brandFiles.get(text)?.includes(file.path) === true
          ? []
          : [`${where} makes ${text} outside its own file`];
      }
      // A drawing reckons in floats; money becomes one only at its border.
      const draws = drawingFolders.some((folder) => file.path.startsWith(folder)) && !money.test(text);
      if (floatFiles.has(file.path) || file.path === drawingBorder || draws) return [];
      return [`${where} uses ${text}, a float, near money`];
    }),
  );
}

/** Every file of the program is reached from an entry. */
export function noDeadFiles(files: readonly SourceFile[], entries: readonly string[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const reached = new Set<string>();
  const pending = [...entries];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    pending.push(...(imports.get(file) ?? []));
  }
  return files
    .filter((file) => isProgram(file) || isWeb(file))
    .filter((file) => !reached.has(file.path))
    .map((file) => `${file.path} is not used`);
}

function rank(file: string): number {
  if (file === "src/index.ts") return folderOrder.length;
  const folder = /^src\/(?<folder>[^/]+)\//u.exec(file)?.groups?.["folder"];
  return folderOrder.findIndex((known) => known === folder);
}

function isTest(file: SourceFile): boolean {
  return /\.test\.ts$|^test\//u.test(file.path);
}

function isProgram(file: SourceFile): boolean {
  return file.path.startsWith("src/") && !isTest(file);
}
