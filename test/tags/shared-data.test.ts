/** Real lists of others, where they lie beside the checkout: what goes in and what does not, counted apart from the program. */
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { address as bitcoinAddress, networks } from "bitcoinjs-lib";
import { isAddress } from "viem";
import { parse } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { chain } from "../../src/base/chains.ts";
import { parseAddress } from "../../src/chains/address.ts";
import { openMemoryStore } from "../../src/store/memory-store.ts";
import { contradict } from "../../src/tags/category.ts";
import type { ImportedFile, TagImportFile } from "../../src/tags/import-files.ts";
import type { TagReader } from "../../src/tags/tag-reader.ts";
import { sharedData } from "../shared-data.ts";
import { contentOf, fileOf, importInto, readerOf } from "./fixtures.ts";

const folder = sharedData("tags");
const packs =
  folder === undefined
    ? []
    : readdirSync(path.join(folder, "graphsense-tagpacks")).filter((name) => name.endsWith(".yaml"));
const sanctions =
  folder === undefined
    ? []
    : readdirSync(path.join(folder, "ofac/0xB10C")).filter((name) => name.startsWith("sanctioned_"));

function shared(name: string, confidence?: string): TagImportFile {
  const base = fileOf(path.basename(name), "", { defaults: { confidence } });
  return {
    ...base,
    path: name,
    open: () => createReadStream(path.join(folder ?? "", name)) as AsyncIterable<Uint8Array>,
  };
}

const files = [
  ...packs.map((name) => shared(`graphsense-tagpacks/${name}`)),
  ...(folder === undefined
    ? []
    : [shared("graphsense.actorpack.yaml"), shared("etherscan-labels/combinedAccountLabels.json")]),
  ...(folder === undefined ? [] : [shared("dprk/dprk_addresses.csv", "high")]),
  ...sanctions.filter((name) => name.endsWith(".txt")).map((name) => shared(`ofac/0xB10C/${name}`)),
];

/** In the failsafe schema scalars are text; only concepts are a list. */
type Fields = Readonly<Record<string, string>>;
type Counted = { added: number; repeated: number; rejected: number };

const chainsOf: Readonly<Record<string, readonly string[]>> = {
  BTC: ["bitcoin"], XBT: ["bitcoin"], OMNI: ["bitcoin"], ETH: ["ethereum"], BCH: ["bitcoin-cash"], LTC: ["litecoin"],
  ZEC: ["zcash"], DOGE: ["dogecoin"], TRX: ["tron"], EOS: ["eos"], SOL: ["solana"], XRP: ["ripple"], RIPPLE: ["ripple"],
  XLM: ["stellar"], AVAX: ["avalanche"], MATIC: ["polygon"], FTM: ["fantom"], ETC: ["ethereum-classic"], BEP20: ["bsc"],
  USDT: ["ethereum", "tron", "bitcoin"], USDC: ["ethereum", "solana", "tron"], ARB: ["arbitrum"], BSC: ["bsc"],
}; // prettier-ignore

/** The address on the first of the code's chains that it is one of; Bitcoin and EVM by libraries of others. */
function placed(code: string, text: string): string | undefined {
  for (const alias of chainsOf[code.trim().toUpperCase()] ?? []) {
    const known = chain(alias);
    const isOne =
      alias === "bitcoin" ? isBitcoin(text) : known.family === "evm" ? isAddress(text) : isOther(alias, text);
    if (isOne) return `${alias} ${known.family === "evm" ? text.toLowerCase() : text}`;
  }
  return undefined;
}

function isBitcoin(text: string): boolean {
  try {
    if (/^bc1/iu.test(text)) {
      const { prefix, version, data } = bitcoinAddress.fromBech32(text);
      return prefix === networks.bitcoin.bech32 && version <= 16 && data.length >= 2;
    }
    const { version } = bitcoinAddress.fromBase58Check(text);
    return version === networks.bitcoin.pubKeyHash || version === networks.bitcoin.scriptHash;
  } catch {
    return false;
  }
}

function isOther(alias: string, text: string): boolean {
  try {
    return parseAddress(chain(alias), text) !== "";
  } catch {
    return false;
  }
}

/** The tags of a pack, each with what its header gives it. */
function packTags(name: string): readonly Fields[] {
  const { tags, ...header } = parse(readFileSync(path.join(folder ?? "", "graphsense-tagpacks", name), "utf8"), {
    schema: "failsafe",
  }) as { readonly tags: readonly Fields[] };
  return tags.map((tag) => ({ ...header, ...tag }));
}

function countPack(name: string): Counted {
  const counted: Counted = { added: 0, repeated: 0, rejected: 0 };
  const seen = new Set<string>();
  for (const { title: _title, creator: _creator, description: _description, ...tag } of packTags(name)) {
    const where = placed(String(tag["currency"]), String(tag["address"]).trim());
    const isWhole = where !== undefined && tag["label"] !== undefined && tag["source"] !== undefined;
    const key = JSON.stringify([
      where,
      Object.entries({ ...tag, address: "", currency: "" })
        .map(String)
        .toSorted(),
    ]);
    counted[!isWhole ? "rejected" : seen.has(key) ? "repeated" : "added"] += 1;
    if (isWhole) seen.add(key);
  }
  return counted;
}

describe.skipIf(folder === undefined)("the lists of others", () => {
  const store = openMemoryStore();
  let reports: ReadonlyMap<string, ImportedFile> = new Map();
  let reader: TagReader;
  beforeAll(async () => {
    const all = await importInto(store, files, { partSubjects: 100_000 });
    reports = new Map(all.map((report) => [path.basename(report.file), report]));
    reader = readerOf(store);
  });

  it.each(packs)("%s: as many tags go in, are said twice and are refused as counted", (name) => {
    const report = reports.get(name);
    const rejected = Object.values(report?.rejected ?? {}).reduce((sum, count) => sum + count, 0);
    expect({ added: report?.tags.added, repeated: report?.tags.repeated, rejected }).toEqual(countPack(name));
    for (const finding of report?.findings ?? []) expect(finding.place.line).toBeGreaterThan(0);
  });

  it("TagPacks: each address has each of its labels, with source, confidence and actor", () => {
    let checked = 0;
    for (const name of packs) {
      for (const tag of packTags(name)) {
        const where = placed(String(tag["currency"]), String(tag["address"]).trim());
        if (where === undefined) continue;
        const alias = where.slice(0, where.indexOf(" "));
        const address = parseAddress(chain(alias), String(tag["address"]).trim());
        const found = reader.tagsOf(chain(alias).id, address).filter(({ source }) => source.set === name);
        const same = found.filter(({ label }) => label === String(tag["label"]).trim());
        expect([name, address, same.length > 0]).toEqual([name, address, true]);
        expect(same.some(({ actor }) => actor === tag["actor"])).toBe(true);
        expect(
          same.every(({ source, grade }) => source.name !== "" && grade === (tag["confidence"] ?? "unknown")),
        ).toBe(true);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(65_000);
  });

  it("the ActorPack and Etherscan's labels go in whole", () => {
    const pack = parse(readFileSync(path.join(folder ?? "", "graphsense.actorpack.yaml"), "utf8"), {
      schema: "failsafe",
    }) as {
      readonly actors: readonly unknown[];
    };
    const labels = JSON.parse(
      readFileSync(path.join(folder ?? "", "etherscan-labels/combinedAccountLabels.json"), "utf8"),
    ) as object;
    expect(reports.get("graphsense.actorpack.yaml")?.actors.added).toBe(pack.actors.length);
    expect(reports.get("combinedAccountLabels.json")?.tags.added).toBe(Object.keys(labels).length);
  });

  it("lists of sanctioned addresses: all but those on chains that are not known, and one that the list has under a wrong one", () => {
    for (const name of sanctions.filter((one) => one.endsWith(".txt"))) {
      const code = /_(?<code>[A-Z]+)\.txt$/u.exec(name)?.groups?.["code"] ?? "";
      const lines = readFileSync(path.join(folder ?? "", "ofac/0xB10C", name), "utf8")
        .split("\n")
        .filter((line) => line !== "");
      const good = lines.filter((line) => placed(code, line) !== undefined);
      expect([name, reports.get(name)?.tags.added]).toEqual([name, good.length]);
      // The same list as JSON says the same.
      const json = JSON.parse(
        readFileSync(path.join(folder ?? "", "ofac/0xB10C", name.replace(".txt", ".json")), "utf8"),
      ) as unknown[];
      expect(json).toHaveLength(lines.length);
    }
  });

  it("the 240 addresses of thefts: those that kept their case go in, the others are refused with the reason", () => {
    const report = reports.get("dprk_addresses.csv");
    const rows = readFileSync(path.join(folder ?? "", "dprk/dprk_addresses.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1);
    const good = rows.filter((row) => {
      const [address = "", code = ""] = row.split(",");
      return placed(code, address) !== undefined;
    });
    expect(rows).toHaveLength(240);
    expect(report?.tags.added).toBe(good.length);
    expect(report?.rejected).toEqual({ "lost case": 240 - good.length });
  });

  it("conflicts are those that a count of the files finds", () => {
    // By category, from the packs alone: the words of each address, apart from the program's reading and storage.
    const said = new Map<string, Set<string>>();
    for (const name of packs) {
      for (const tag of packTags(name)) {
        const where = placed(String(tag["currency"]), String(tag["address"]).trim());
        const category = tag["category"];
        if (where === undefined || category === undefined) continue;
        said.set(where, (said.get(where) ?? new Set()).add(category));
      }
    }
    const expected = [...said]
      .filter(([, words]) => [...words].some((one) => [...words].some((other) => contradict(one, other))))
      .map(([where]) => where);
    const found: string[] = [];
    for (const id of reader.chains) {
      const { alias, family } = chain(id);
      for (const { address, tags } of reader.taggedAddresses(id)) {
        const ofPacks = tags.filter(({ source }) => packs.includes(source.set));
        const words = [...new Set(ofPacks.map(({ category }) => category).filter((word) => word !== undefined))];
        const isConflict = words.some((one) => words.some((other) => contradict(one, other)));
        const told = reader.entityAt(id, address)?.conflicts.some(({ kind }) => kind === "category") === true;
        if (isConflict) {
          expect([address, told]).toEqual([address, true]);
          found.push(`${alias} ${family === "evm" ? address.toLowerCase() : address}`);
        }
      }
    }
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(expected.length).toBeGreaterThan(0);
  });

  it("Lazarus Group's sanctioned addresses resolve to it, by whichever list", () => {
    for (const tag of packTags("lazarus.yaml")) {
      const known = chain(tag["currency"] === "ETH" ? "ethereum" : "bitcoin");
      const found = reader.entityAt(known.id, parseAddress(known, String(tag["address"])));
      expect([tag["address"], found?.actor?.id, found?.actor?.from]).toEqual([
        tag["address"],
        "lazarus-group",
        "register",
      ]);
      expect(found?.kind).toBe("illicit");
    }
    const exploiter = chain("ethereum");
    const tags = reader.tagsOf(exploiter.id, parseAddress(exploiter, "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"));
    expect(
      tags.map((tag) => reader.resolve(tag)?.id).filter((id) => id !== undefined && id !== "lazarus-group"),
    ).toEqual([]);
  });

  it("a second import changes nothing, to the byte", async () => {
    const before = contentOf(store);
    const again = await importInto(store, files, { partSubjects: 100_000 });
    expect(again.reduce((sum, { tags }) => sum + tags.added + tags.updated + tags.withdrawn, 0)).toBe(0);
    expect(contentOf(store)).toEqual(before);
  });

  it("a list that was cast to lower case is refused, and nothing of it goes in", async () => {
    const before = contentOf(store);
    await expect(importInto(store, [shared("ofac/thomasgregg/data/sanctioned-addresses.json")])).rejects.toThrow(
      /694 base58 addresses in it were cast to one case/u,
    );
    expect(contentOf(store)).toEqual(before);
  });
});
