import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../../..");

/** What was unpacked of the package: the browser, its libraries, its Latin font. */
export type UnpackedBrowser = {
  readonly folder: string;
  readonly program: string;
  readonly libraries: string;
  readonly fonts: string;
};

/**
 * Unpacks Chromium from its npm package, once for each version, below `node_modules/.cache`.
 *
 * The package unpacks into the folder of temporary files and takes whatever lies there already for whole; two runs at
 * once would start each other's half-written file. So it is given a new folder, which is then moved to its place.
 */
export async function unpackBrowser(): Promise<UnpackedBrowser> {
  const cache = path.join(root, "node_modules/.cache/fundtrail");
  const manifest = readFileSync(path.join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const folder = path.join(cache, `chromium-${version}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const staged = mkdtempSync(path.join(cache, "unpacking-"));
    const program = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;
    // Named as that platform's, the package also brings the libraries that a bare machine lacks.
    const env = { ...process.env, TMPDIR: staged, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd: root, env });
    try {
      renameSync(staged, folder);
    } catch (thrown) {
      // Another run was first.
      rmSync(staged, { recursive: true, force: true });
      if (!existsSync(folder)) throw thrown;
    }
  }
  return {
    folder,
    program: path.join(folder, "chromium"),
    libraries: path.join(folder, "al2023/lib"),
    fonts: path.join(folder, "fonts/fonts"),
  };
}
