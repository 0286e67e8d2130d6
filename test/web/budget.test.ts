/** What a page's first view may weigh, gzip, by the specification. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const out = path.join(root, "dist/web");

type Chunk = {
  readonly file: string;
  readonly src?: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
};

let manifest: Readonly<Record<string, Chunk>>;
beforeAll(() => {
  execFileSync(process.execPath, [path.join(root, "tools/build-web.ts"), "--if-older"], {
    cwd: root,
    stdio: "inherit",
  });
  manifest = JSON.parse(readFileSync(path.join(out, ".vite/manifest.json"), "utf8")) as typeof manifest;
});

/** The scripts that some chunks need, with all that they import before they run. */
function scripts(keys: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const pending = [...keys];
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    pending.push(...(manifest[key]?.imports ?? []));
  }
  return [...seen].map((key) => manifest[key]?.file ?? "");
}

function kilobytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(out, file)), { level: 9 }).length, 0) / 1000;
}

const page = (name: string): string => `pages/${name}.tsx`;

describe("the pages' weight", () => {
  it("of the frame is at most 110 kB", () => expect(kilobytes(scripts(["index.html"]))).toBeLessThanOrEqual(110));

  it("of Losses with its charts is at most 270 kB", () => {
    const files = scripts(["index.html", page("losses/losses-page"), page("losses/charts")]);
    expect(kilobytes(files)).toBeLessThanOrEqual(270);
  });

  it("of Screen and Address, with all that shows an answer, is at most 20 kB beside the frame", () => {
    const frame = new Set(scripts(["index.html"]));
    const beside = (keys: readonly string[]): number =>
      kilobytes(scripts(["index.html", ...keys]).filter((file) => !frame.has(file)));
    const [screen, address] = [page("screen/screen-page"), page("address/address-page")];
    const views = ["verdict-view", "list-results"].map((name) => `pages/screen/${name}.tsx`);
    expect(views.filter((view) => manifest[view] === undefined)).toEqual([]);
    const weights = {
      "screen, a verdict": beside([screen, "pages/screen/verdict-view.tsx"]),
      "screen, a list": beside([screen, "pages/screen/list-results.tsx"]),
      "screen, a record": beside([page("screen/screening-page"), "pages/screen/verdict-view.tsx"]),
      // All that it loads later stands on the first view too.
      address: beside([address, ...(manifest[address]?.dynamicImports ?? [])]),
    };
    expect(Object.entries(weights).filter(([, weight]) => weight > 20)).toEqual([]);
    // What is weighed is what is loaded, and not a remnant of it.
    expect(Object.entries(weights).filter(([, weight]) => weight < 10)).toEqual([]);
  });

  it("of the frame with any other page is at most 20 kB more than a frame may weigh, with Trace 70 kB", () => {
    const names = Object.keys(manifest).flatMap(
      (key) => /^pages\/(?<name>.+-page)\.tsx$/u.exec(key)?.groups?.["name"] ?? [],
    );
    expect(names.length).toBeGreaterThan(8);
    const over = names
      .filter((name) => name !== "losses/losses-page")
      .map((name) => ({
        name,
        weight: kilobytes(scripts(["index.html", page(name)])),
        most: name.startsWith("trace/") ? 110 + 70 : 110 + 20,
      }))
      .filter(({ weight, most }) => weight > most);
    expect(over).toEqual([]);
  });

  it("is all in hashed files that need nothing from elsewhere", () => {
    const document = readFileSync(path.join(out, "index.html"), "utf8");
    expect(document).not.toMatch(/https?:\/\/|<style|style=|<script>|onload=/u);
    expect(document).toMatch(/src="\/assets\/index-[-\w]+\.js"/u);
    const sheets = readdirSync(path.join(out, "assets")).filter((name) => name.endsWith(".css"));
    for (const name of sheets)
      expect(readFileSync(path.join(out, "assets", name), "utf8")).not.toMatch(/url\((?!#)|@import/u);
  });
});
