/** The data that lies beside a developer's checkout; tests that read it are skipped, saying so, where it is absent. */
import { existsSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../../shared/data");

/** The path of a file of the shared data; undefined, with a line printed, where it is not there. */
export function sharedData(file: string): string | undefined {
  const found = path.join(folder, file);
  if (existsSync(found)) return found;
  process.stderr.write(`skipped: ../shared/data/${file} is not there\n`);
  return undefined;
}
