/** `child.ts FOLDER COUNT`: imports so many tags in small parts, slowly, and prints how many it has taken after each. */
import { chain } from "../../src/base/chains.ts";
import { parseDay } from "../../src/base/day.ts";
import { encodeWitness } from "../../src/chains/bitcoin/address.ts";
import { openLmdbStore } from "../../src/store/lmdb-store.ts";
import { importTagFiles } from "../../src/tags/import-files.ts";
import { fileOf } from "./fixtures.ts";

const [folder = "", count = "0"] = process.argv.slice(2);
const rows = Array.from({ length: Number(count) }, (_, index) => {
  const program = new Uint8Array(20);
  new DataView(program.buffer).setUint32(0, index);
  return `${encodeWitness("bitcoin", 0, program)},tag ${index},a list,low\n`;
});
const text = `address,label,source,confidence\n${rows.join("")}`;
const store = openLmdbStore(folder, { mode: "write" });
await importTagFiles(store, [fileOf("list.csv", text, { piece: 4_096, defaults: { chain: chain("bitcoin") } })], {
  folder,
  today: parseDay("2026-01-02"),
  vanishing: "guarded",
  partSubjects: 100,
  onProgress: ({ tags }) => void process.stdout.write(`${tags}\n`),
});
await store.close();
process.stdout.write("done\n");
