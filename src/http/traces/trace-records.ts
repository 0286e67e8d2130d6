import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "../../base/failure.ts";
import { errnoWords } from "../../io/errno.ts";
import type { traceStates } from "../contract/traces.ts";
import type { TraceAsked } from "./question.ts";
import type { TraceResult } from "./trace-files.ts";

export type TraceState = (typeof traceStates)[number];

/** What is kept of a trace beside its answer, so that a later process knows it. */
export type TraceRecord = {
  readonly id: string;
  readonly caller: string;
  readonly asked: TraceAsked;
  readonly chain: string;
  readonly created: string;
  readonly ended: string | null;
  readonly state: TraceState;
  readonly addresses: number;
  /** Undefined in records of a version that did not count them. */
  readonly transactions?: number | undefined;
  readonly result: TraceResult | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
};

/** A key that was used: whose and which it was as a hash, what was asked with it, and the trace that it began. */
export type UsedKey = { readonly place: string; readonly digest: string; readonly id: string };

const recordName = "job.json";
const keysName = "keys.json";

/**
 * The traces of a server in a folder of its state: a folder each. A record takes its predecessor's place whole, so that a
 * process that is killed leaves one or the other.
 */
export class TraceRecords {
  readonly #folder: string;

  /** @throws {Failure} `OUTPUT_UNWRITABLE`. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#attempt(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  }

  folderOf(id: string): string {
    return path.join(this.#folder, id);
  }

  /** The records of before, the oldest first. What is no record is removed. */
  read(): readonly TraceRecord[] {
    const found = readdirSync(this.#folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => {
        const record = this.#readJson(path.join(name, recordName)) as TraceRecord | undefined;
        if (record?.id === name && typeof record.created === "string") return [record];
        this.remove(name);
        return [];
      });
    return found.toSorted((left, right) => (left.created < right.created ? -1 : 1));
  }

  /** @throws {Failure} `OUTPUT_UNWRITABLE`. */
  write(record: TraceRecord): void {
    this.#attempt(() => mkdirSync(this.folderOf(record.id), { recursive: true, mode: 0o700 }));
    this.#replace(path.join(record.id, recordName), record);
  }

  remove(id: string): void {
    rmSync(this.folderOf(id), { recursive: true, force: true });
  }

  /** Removes a trace's answer and leaves its record. */
  removeAnswer(id: string): void {
    for (const name of readdirSync(this.folderOf(id))) {
      if (name !== recordName) rmSync(path.join(this.folderOf(id), name), { force: true });
    }
  }

  readKeys(): readonly UsedKey[] {
    const stored = this.#readJson(keysName) as { readonly keys?: readonly UsedKey[] } | undefined;
    return Array.isArray(stored?.keys) ? stored.keys : [];
  }

  /** @throws {Failure} `OUTPUT_UNWRITABLE`. */
  writeKeys(keys: readonly UsedKey[]): void {
    this.#replace(keysName, { keys });
  }

  #readJson(name: string): unknown {
    try {
      return JSON.parse(readFileSync(path.join(this.#folder, name), "utf8")) ?? undefined;
    } catch {
      return undefined;
    }
  }

  #replace(name: string, value: unknown): void {
    const file = path.join(this.#folder, name);
    this.#attempt(() => {
      writeFileSync(`${file}.tmp`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      const mend = "make the folder writable, or choose another with --state";
      throw new Failure("OUTPUT_UNWRITABLE", { file: this.#folder, why: errnoWords(error), mend }, error);
    }
  }
}

/** A caller's key as it is kept. */
export function keyPlace(caller: string, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([caller, key]))
    .digest("hex");
}

/** What was asked, so that another question with the same key is told apart. */
export function askedDigest(asked: TraceAsked): string {
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex");
}
