import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** One file of the pages, in memory, with its compressed copies. */
export type PageFile = {
  readonly content: Buffer;
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
  /** SHA-256 of the content, shortened: what an ETag is made of. */
  readonly digest: string;
};

/** The files of the pages by their path within the site, `/assets/…`; empty where they were never built. */
export type BuiltPages = ReadonlyMap<string, PageFile>;

/** Where the build puts the pages: beside the sources in a checkout, within `dist` in a package. */
const folders = ["../../dist/web", "../../web"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
/** Not for visitors. */
const own = /^\/(?:sources\.sha256|\.vite\/)/u;

/**
 * Reads the built pages into memory: about a megabyte, so that no request ever names a file.
 *
 * @param folder - Where they are; by default where the build puts them.
 */
export function readBuiltPages(folder = folders.find((one) => existsSync(path.join(one, "assets")))): BuiltPages {
  if (folder === undefined || !existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .toSorted();
  const read = (name: string): Buffer | undefined =>
    names.includes(name) ? readFileSync(path.join(folder, name)) : undefined;
  return new Map(
    names
      .filter((name) => !/\.(?:br|gz)$/u.test(name))
      .map((name) => [`/${name.split(path.sep).join("/")}`, name] as const)
      .filter(([site]) => !own.test(site))
      .map(([site, name]) => {
        const content = readFileSync(path.join(folder, name));
        const digest = createHash("sha256").update(content).digest("base64url").slice(0, 27);
        return [site, { content, brotli: read(`${name}.br`), gzip: read(`${name}.gz`), digest }];
      }),
  );
}
