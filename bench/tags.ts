import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chain } from "../src/base/chains.ts";
import { encodeWitness } from "../src/chains/bitcoin/address.ts";
import { openLmdbStore } from "../src/store/lmdb-store.ts";
import { openTagReader } from "../src/tags/open-tag-reader.ts";

const lookups = 200_000;
const formats = ["tagpack", "csv"] as const;
type Format = (typeof formats)[number];

/**
 * Tags from a generated file into a new ledger, in a process of its own: by the clock and by the processor's time, the peak
 * of memory and the bytes on disk; again without a change, and again with a hundredth of them gone; then look-ups.
 */
export async function tagsBench(sizes: readonly number[]): Promise<void> {
  for (const size of sizes.length === 0 ? [100_000, 1_000_000] : sizes) {
    for (const format of formats) await measure(format, size);
  }
}

async function measure(format: Format, size: number): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-bench-"));
  try {
    const [file, ledger] = [path.join(scratch, "tags.txt"), path.join(scratch, "ledger")];
    write(format, file, size);
    const count = size.toLocaleString("en");
    report(`${format}, ${count} tags new`, size, importTags(file, ledger), path.join(ledger, "data.mdb"));
    report(`${format}, ${count} tags again`, size, importTags(file, ledger), path.join(ledger, "data.mdb"));
    const fewer = size - Math.trunc(size / 100);
    write(format, file, fewer);
    report(`${format}, a hundredth gone`, size, importTags(file, ledger), path.join(ledger, "data.mdb"));
    await look(ledger, fewer);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A tag in ten has a source of its own, one in a hundred an actor; a tenth of the addresses have two tags. */
function write(format: Format, file: string, size: number): void {
  const fd = openSync(file, "w");
  writeSync(
    fd,
    format === "csv"
      ? "address,label,category,source,confidence,actor,url\n"
      : "title: Generated\ncreator: Nobody\ncurrency: BTC\nconfidence: forensic\nsource: https://example.org/list\ntags:\n",
  );
  let text = "";
  for (let tag = 0; tag < size; tag += 1) {
    const address = addressOf(tag % 10 === 9 ? tag - 1 : tag);
    const label = `label ${tag % 5_000}`;
    const url = tag % 10 === 0 ? `https://example.org/${address}` : "";
    const actor = tag % 100 === 0 ? `actor${tag % 700}` : "";
    text +=
      format === "csv"
        ? `${address},${label},exchange,A list,forensic,${actor},${url}\n`
        : `- address: ${address}\n  label: ${label}\n  category: exchange\n` +
          (url === "" ? "" : `  source: ${url}\n`) +
          (actor === "" ? "" : `  actor: ${actor}\n`);
    if (text.length < 1 << 20) continue;
    writeSync(fd, text);
    text = "";
  }
  writeSync(fd, text);
  closeSync(fd);
}

function addressOf(tag: number): string {
  const program = createHash("sha256").update(String(tag)).digest().subarray(0, 20);
  return encodeWitness("bitcoin", 0, program) ?? "";
}

type Measured = { readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number };

function importTags(file: string, ledger: string): Measured {
  const program = fileURLToPath(new URL("tags-process.ts", import.meta.url));
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, file, "--ledger", ledger], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`bench: the import failed: ${stderr}`);
  const told = JSON.parse(stdout) as Omit<Measured, "seconds">;
  return { ...told, seconds: (performance.now() - begun) / 1_000 };
}

function report(name: string, size: number, { seconds, cpuSeconds, peakBytes }: Measured, data: string): void {
  const rate = (of: number): string => Math.round(size / of).toLocaleString("en");
  process.stdout.write(
    `tags ${name.padEnd(32)} ${rate(seconds).padStart(9)}/s, ${rate(cpuSeconds).padStart(9)} a second of processor time, ` +
      `peak ${Math.round(peakBytes / 1_048_576)} MiB, ${(statSync(data).size / size).toFixed(0)} bytes a tag\n`,
  );
}

async function look(ledger: string, size: number): Promise<void> {
  const store = openLmdbStore(ledger, { mode: "read" });
  const reader = openTagReader(store.snapshot(), new Map(), ledger);
  const { id } = chain("bitcoin");
  const known = Array.from({ length: lookups }, (_, index) =>
    addressOf(((index * 7_919) % size) - (((index * 7_919) % size) % 10)),
  );
  const unknown = Array.from({ length: lookups }, (_, index) => addressOf(-1 - index));
  const rate = (name: string, addresses: readonly string[], of: (address: string) => unknown): void => {
    const usage = process.cpuUsage();
    let found = 0;
    for (const address of addresses) if (of(address) !== undefined) found += 1;
    const { user, system } = process.cpuUsage(usage);
    const each = (user + system) / addresses.length;
    process.stdout.write(`tags ${name.padEnd(32)} ${each.toFixed(2)} µs of processor time each (${found} found)\n`);
  };
  for (const round of ["first", "warm"]) {
    rate(`tagsOf, tagged, ${round}`, known, (address) => reader.tagsOf(id, address)[0]);
    rate(`entityAt, tagged, ${round}`, known, (address) => reader.entityAt(id, address));
    rate(`tagsOf, untagged, ${round}`, unknown, (address) => reader.tagsOf(id, address)[0]);
  }
  await store.close();
}
