import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../base/failure.ts";
import type { RegisterFolder } from "../incidents/register.ts";
import { errnoWords } from "./errno.ts";

/** The register that comes with Fundtrail. */
export const bundledRegister: string = fileURLToPath(new URL("../../data", import.meta.url));

const fileBytesMax = 4 * 1024 * 1024;
const filesMax = 100_000;

/** The parts of a register folder, and the ending of the files that each part reads. */
const parts = { incidents: ".yaml", actors: ".yaml", published: ".yaml", prices: ".csv" } as const;

/**
 * Reads a register folder: `incidents/*.yaml`, `actors/*.yaml`, `published/*.yaml`, `prices/*.csv`, each where present.
 *
 * @returns The files in order of name, their paths relative to the working directory where they are below it.
 * @throws {Failure} `REGISTER_UNREADABLE` where the folder is missing or holds none of the parts, or a file cannot be
 *   read, is no UTF-8 text, or is larger than 4 MiB.
 */
export async function readRegisterFolder(folder: string): Promise<RegisterFolder> {
  const shown = shownPath(folder);
  await requireFolder(folder, shown);
  const [incidents, actors, published, prices] = await Promise.all(
    Object.entries(parts).map(async ([part, ending]) => readPart(path.join(folder, part), ending)),
  );
  if (incidents === undefined && actors === undefined && published === undefined && prices === undefined) {
    throw unreadable(shown, "holds no incidents, actors, published or prices folder", "see data/ for the layout");
  }
  return { incidents: incidents ?? [], actors: actors ?? [], published: published ?? [], prices: prices ?? [] };
}

type TextFiles = RegisterFolder["incidents"];

async function requireFolder(folder: string, shown: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shown, errnoWords(error), "give a folder with an incidents folder in it");
  });
  if (!found.isDirectory()) throw unreadable(shown, "is not a folder", "give a folder with an incidents folder in it");
}

/** The files of one part; undefined where the part is not there. */
async function readPart(folder: string, ending: string): Promise<TextFiles | undefined> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(shownPath(folder), errnoWords(error), "make the folder readable");
  }
  const wanted = names.filter((name) => name.endsWith(ending) && !name.startsWith(".")).toSorted();
  if (wanted.length > filesMax)
    throw unreadable(shownPath(folder), `holds over ${filesMax} files`, "split the register");
  return Promise.all(wanted.map(async (name) => readText(path.join(folder, name))));
}

async function readText(file: string): Promise<TextFiles[number]> {
  const shown = shownPath(file);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw unreadable(shown, errnoWords(error), "make the file readable");
  }
  if (bytes.length > fileBytesMax) throw unreadable(shown, "is larger than 4 MiB", "split it");
  try {
    return { path: shown, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    throw unreadable(shown, "is not UTF-8 text", "save it as UTF-8");
  }
}

/** As it is named in messages and reports; the bundled register the same wherever it and the user are. */
function shownPath(file: string): string {
  if (file.startsWith(bundledRegister)) return `data${file.slice(bundledRegister.length)}`.split(path.sep).join("/");
  const relative = path.relative(process.cwd(), file);
  const shown = relative === "" ? "." : relative.startsWith("..") ? file : relative;
  return shown.split(path.sep).join("/");
}

function unreadable(file: string, why: string, mend: string): Failure {
  return new Failure("REGISTER_UNREADABLE", { place: { file }, why, mend });
}
