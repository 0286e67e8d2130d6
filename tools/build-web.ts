/**
 * `npm run build:web`: builds the pages into `dist/web`, compressed copies beside them. With `--if-older`, only where they are
 * missing or were built from other sources, as `npm start` asks.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = path.resolve(import.meta.dirname, "..");
const out = path.join(root, "dist/web");
/** Says from which sources the pages were built. */
const stamp = path.join(out, "sources.sha256");
const sources = sourcesDigest();

if (!process.argv.includes("--if-older") || !existsSync(stamp) || readFileSync(stamp, "utf8") !== sources) {
  process.stderr.write("Building the pages…\n");
  await build();
  for (const file of filesBelow(out)) compress(file);
  writeFileSync(stamp, sources);
}

async function build(): Promise<void> {
  // Whoever asks, a test runner too: else React would come with its development build.
  process.env["NODE_ENV"] = "production";
  let vite: typeof import("vite");
  try {
    vite = await import("vite");
  } catch {
    process.stderr.write("The pages are built by Vite, which is not installed: run `npm ci` (without --omit=dev)\n");
    process.exit(1);
  }
  const { default: config } = await import("../web/vite.config.ts");
  // Vite takes what is set: started by a test, React would be built for developers.
  process.env["NODE_ENV"] = "production";
  await vite.build({ ...config, configFile: false, mode: "production", logLevel: "warn" });
}

/** Brotli and gzip at their best, once, so that the server never compresses. */
function compress(file: string): void {
  if (!/\.(?:js|css|svg|html|json)$/u.test(file)) return;
  const content = readFileSync(file);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}

/** Of all that the pages can be made from: their own folder, the program that they share files with, the dependencies. */
function sourcesDigest(): string {
  const hash = createHash("sha256");
  const files = ["web", "src"].flatMap((folder) => filesBelow(path.join(root, folder)));
  for (const file of [...files, path.join(root, "package-lock.json"), import.meta.filename]) {
    const content = readFileSync(file);
    hash.update(`${path.relative(root, file).split(path.sep).join("/")}\n${content.length}\n`).update(content);
  }
  return `${hash.digest("hex")}\n`;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .toSorted();
}
