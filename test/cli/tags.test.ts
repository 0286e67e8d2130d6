import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fundtrail } from "./terminal.ts";
import { ofacClassic, tagPack } from "../tags/texts.ts";
import { bitcoinAddresses, etherAddresses } from "../tags/fixtures.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "fundtrail-tags-cli-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const at = (name: string): string => path.join(scratch, name);
const [satoshi, second, , segwit] = bitcoinAddresses;
const [ether] = etherAddresses;

function written(name: string, text: string | Uint8Array): string {
  writeFileSync(at(name), text);
  return at(name);
}

async function tags(...args: readonly string[]): ReturnType<typeof fundtrail> {
  return fundtrail("tags", ...args);
}

beforeAll(async () => {
  await tags("import", written("pack.yaml", tagPack), written("sdn.xml", ofacClassic), "--ledger", at("ledger"));
});

describe("fundtrail tags import", () => {
  it("says what went in, and names what did not with its line", async () => {
    const { status, out, error } = await tags("import", at("pack.yaml"), at("sdn.xml"), "--ledger", at("ledger"));
    expect(status).toBe(0);
    expect(out).toContain("pack.yaml (tagpack): tags: 5 as before; refused: 1 invalid address, 1 unknown chain\n");
    expect(out).toContain("sdn.xml (ofac-classic): tags: 3 as before; refused: 1 unknown chain\n");
    expect(error).toMatch(/pack\.yaml:40: error: "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb" is not an address on Bitcoin/u);
    const few = await tags("import", at("pack.yaml"), "--ledger", at("ledger"), "--findings", "1");
    expect(few.error).toMatch(/pack\.yaml: and 2 more: see them with --findings 3/u);
  });

  it("tells scripts the same", async () => {
    const { out } = await tags("import", at("sdn.xml"), "--ledger", at("ledger"), "--json");
    const { files } = JSON.parse(out) as { readonly files: readonly Record<string, unknown>[] };
    expect(files[0]).toMatchObject({
      set: "sdn.xml",
      format: "ofac-classic",
      tags: { unchanged: 3 },
      rejected: { "unknown chain": 1 },
    });
  });

  it("reads a packed list, and takes from the options what it does not say", async () => {
    const list = written("list.txt.gz", gzipSync(`${second}\n${segwit}\n`));
    const args = [
      "--label",
      "Mine",
      "--category",
      "donation",
      "--source",
      "I",
      "--licence",
      "CC0",
      "--confidence",
      "confirmed",
    ];
    const { status, out } = await tags("import", list, "--ledger", at("ledger"), ...args);
    expect([status, out]).toEqual([0, `${list} (address-list): tags: 2 new\n`]);
    expect((await tags("show", second, "--ledger", at("ledger"))).out).toMatch(/source {6}I, CC0\n/u);
    const without = await tags("import", list, "--ledger", at("other"));
    expect(without.out).toContain("no tags; refused: 2 no label");
  });

  it("is held off while another writes", async () => {
    writeFileSync(
      at("ledger/writer.lock"),
      JSON.stringify({ pid: process.ppid, host: (await import("node:os")).hostname() }),
    );
    const { status, error } = await tags("import", at("sdn.xml"), "--ledger", at("ledger"));
    rmSync(at("ledger/writer.lock"));
    expect([status, error]).toEqual([1, expect.stringMatching(/another process is writing/u)]);
  });
});

describe("fundtrail tags show", () => {
  it("shows all tags of an address with their sources", async () => {
    const { status, out } = await tags("show", satoshi, "--ledger", at("ledger"));
    expect(status).toBe(0);
    expect(out).toMatch(
      /^1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa \(address on Bitcoin\)\nEntity: Some exchange, Exchange \(a service that pools/u,
    );
    for (const part of [
      "Ivan PERSON",
      "confirmed (authority_data)",
      "programme   CYBER2",
      "https://example.org/list",
      "of 2022-10-12",
    ]) {
      expect(out).toContain(part);
    }
    expect(out).toContain("CONFLICT: its tags name 2 that cannot all be right, by actor: Ivan PERSON | someexchange");
  });

  it("takes an address in any of its forms, and a chain before what others it could be", async () => {
    const { out } = await tags("show", ether.toLowerCase(), "--ledger", at("ledger"));
    expect(out).toContain(`${ether} (address on Ethereum)`);
    expect(out).toContain("Lazarus Group [lazarus-group, of the register, by its name]");
    const bsc = await tags("show", ether, "--chain", "bsc", "--ledger", at("ledger"));
    expect(bsc.out).toMatch(
      /unknown, which is not to say clean\.\nThe same address has tags on ethereum: see them with --chain/u,
    );
    expect((await tags("show", "ab".repeat(32), "--chain", "bitcoin", "--ledger", at("ledger"))).out).toContain(
      "a transaction",
    );
  });

  it("says of what has no tag that it is unknown, never clean", async () => {
    const args = ["show", "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX", "--ledger", at("nothing-known")];
    await tags("import", at("sdn.xml"), "--ledger", at("nothing-known"));
    expect((await tags(...args)).out).toContain("No tag is known: unknown, which is not to say clean.");
    const { answers } = JSON.parse((await tags(...args, "--json")).out) as { readonly answers: readonly object[] };
    expect(answers).toEqual([expect.objectContaining({ known: false, entity: null, tags: [], conflicts: [] })]);
  });

  it("prints what a list says as plain text", async () => {
    const label = "\u001b[31mred\u001b[0m <script>alert(1)</script>\u202e\nsecond";
    const text = `address,label,source,confidence\n${second},"${label}","\u0007src",low\n`;
    await tags("import", written("evil.csv", text), "--ledger", at("evil"));
    for (const args of [["show", second], ["list", "--chain", "bitcoin"], ["check"]]) {
      const { out, error } = await tags(...args, "--ledger", at("evil"));
      // eslint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(out + error).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
      if (args[0] !== "check") expect(out).toContain("[31mred [0m <script>alert(1)</script> second");
    }
  });
});

describe("fundtrail tags dispute, correct, support", () => {
  it("keep a user's word on a single tag, with who and why", async () => {
    const ledger = at("disputed");
    await tags("import", at("pack.yaml"), "--ledger", ledger);
    const { out } = await tags("show", satoshi, "--ledger", ledger, "--json");
    const id = (JSON.parse(out) as { answers: { tags: { id: string }[] }[] }).answers[0]?.tags[0]?.id ?? "";
    const said = await tags(
      "dispute",
      satoshi,
      "--tag",
      id.slice(0, 6),
      "--by",
      "An analyst",
      "--why",
      "it is not",
      "--ledger",
      ledger,
    );
    expect([said.status, said.out]).toEqual([0, `${id} Some exchange: dispute by An analyst is kept\n`]);
    const shown = await tags("show", satoshi, "--ledger", ledger);
    expect(shown.out).toMatch(/No tag stands: all are withdrawn or disputed, so it is unknown\./u);
    expect(shown.out).toMatch(/DISPUTED\n[^]*dispute {5}\d{4}-\d\d-\d\d by An analyst: it is not\n/u);
    // A re-import takes nothing of it back; an export leaves the tag out.
    await tags("import", at("pack.yaml"), "--ledger", ledger);
    expect((await tags("show", satoshi, "--ledger", ledger)).out).toContain("DISPUTED");
    expect((await tags("export", "--ledger", ledger)).error).toBe(
      "4 tags exported; 1 withdrawn or disputed ones are left out\n",
    );
    await tags(
      "correct",
      satoshi,
      "--tag",
      id,
      "--by",
      "me",
      "--why",
      "found it",
      "--category",
      "gambling",
      "--ledger",
      ledger,
    );
    expect((await tags("show", satoshi, "--ledger", ledger)).out).toMatch(/Entity: Some exchange, Gambling/u);
  });
});

describe("fundtrail tags list, export, check", () => {
  it("list the sets, and the tags that are selected", async () => {
    const sets = await tags("list", "--ledger", at("nothing-known"));
    expect(sets.out).toMatch(/sdn\.xml +ofac-classic +3 /u);
    const { out } = await tags("list", "--actor", "dprk", "--ledger", at("nothing-known"));
    expect(out).toMatch(/ethereum +0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed +LAZARUS GROUP/u);
    expect(out).toMatch(/\n1 tags\n$/u);
    expect((await tags("list", "--category", "abuse", "--ledger", at("nothing-known"))).out).toMatch(/\n3 tags\n$/u);
    expect(
      (await tags("list", "--confidence", "confirmed", "--limit", "1", "--ledger", at("nothing-known"))).out,
    ).toContain("3 tags: the first 1, see more with --limit 3");
  });

  it.each(["tagpack", "stix", "csv"])("export as %s, to be imported again", async (format) => {
    const out = at(`export-${format}`);
    const { status, error } = await tags("export", "--format", format, "--out", out, "--ledger", at("nothing-known"));
    expect([status, error, existsSync(out)]).toEqual([0, "3 tags exported\n", true]);
    const again = await tags("import", out, "--ledger", at(`again-${format}`));
    expect(again.out).toMatch(/tags: 3 new\n$/u);
    const printed = await tags("export", "--format", format, "--ledger", at("nothing-known"));
    expect(printed.out).toBe(readFileSync(out, "utf8"));
  });

  it("check reads every tag and names what contradicts itself", async () => {
    const { status, out } = await tags("check", "--ledger", at("ledger"));
    expect(status).toBe(0);
    expect(out).toMatch(
      /conflict, by actor: bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa: Ivan PERSON \| someexchange\n/u,
    );
    expect(out).toMatch(/\n10 tags of \d+ subjects: sound; 0 withdrawn, 0 disputed, 2 conflicts\n$/u);
  });
});

describe("wrong input is one clear line, and the right exit status", () => {
  const wrong: readonly (readonly [readonly string[], 1 | 2, RegExp])[] = [
    [[], 2, /tags needs an action; use one of import, show/u],
    [["imprt"], 2, /unknown action "imprt" of tags; did you mean import\?/u],
    [["import", "x.csv"], 2, /--ledger is missing/u],
    [["import", "--ledger", at("new")], 2, /no file is named/u],
    [["import", at("missing.csv"), "--ledger", at("new")], 1, /missing\.csv: does not exist; check the path/u],
    [["import", scratch, "--ledger", at("new")], 1, /: is a folder|: it is a directory|directory/iu],
    [
      ["import", at("pack.yaml"), "--ledger", at("new"), "--format", "xml"],
      2,
      /unknown word "xml" in --format; use one of tagpack/u,
    ],
    [["import", at("pack.yaml"), "--ledger", at("new"), "--format", "csv"], 1, /pack\.yaml, line \d+: not valid CSV/u],
    [
      ["import", at("pack.yaml"), "--ledger", at("new"), "--confidence", "0.5"],
      2,
      /unknown word "0\.5" in --confidence/u,
    ],
    [["import", at("pack.yaml"), "--ledger", at("new"), "--vanishing", "yes"], 2, /unknown word "yes" in --vanishing/u],
    [["import", at("pack.yaml"), at("pack.yaml"), "--ledger", at("new")], 2, /two files are named pack\.yaml/u],
    [["import", at("pack.yaml"), at("sdn.xml"), "--set", "x", "--ledger", at("new")], 2, /--set names one set/u],
    [["import", at("pack.yaml"), "--ledger", at("new"), "--colour"], 2, /unknown option --colour/u],
    [["show", "--ledger", at("ledger")], 2, /no address is named/u],
    [["show", satoshi, "--ledger", at("none")], 1, /none: does not exist; name the folder of a ledger/u],
    [["show", "nonsense", "--ledger", at("ledger")], 2, /"nonsense" is not an address on Bitcoin/u],
    [["show", satoshi.slice(0, -1).concat("b"), "--ledger", at("ledger")], 2, /its checksum is wrong/u],
    [["show", satoshi.toLowerCase(), "--ledger", at("ledger")], 2, /this one was lower-cased/u],
    [["show", ether.replace("5aA", "5aa"), "--ledger", at("ledger")], 2, /EIP-55 checksum is wrong/u],
    [
      ["show", satoshi, "--chain", "bitcion", "--ledger", at("ledger")],
      2,
      /unknown chain "bitcion".*did you mean bitcoin/u,
    ],
    [["show", satoshi, "--incident", "x", "--ledger", at("ledger")], 2, /--incident and an address are both given/u],
    [["dispute", satoshi, "--tag", "f", "--why", "x", "--ledger", at("ledger")], 2, /--by is missing/u],
    [
      ["dispute", satoshi, "--tag", "zz", "--by", "me", "--why", "x", "--ledger", at("ledger")],
      2,
      /unknown tag "zz" in 1A1zP1.*its tags are/u,
    ],
    [
      ["dispute", satoshi, "--tag", "a", "--by", "me", "--why", "x", "--label", "y", "--ledger", at("ledger")],
      2,
      /belong to a correction/u,
    ],
    [
      ["correct", satoshi, "--tag", "a", "--by", "me", "--why", "x", "--ledger", at("ledger")],
      2,
      /a correction changes nothing/u,
    ],
    [
      ["dispute", satoshi, "--tag", "a", "--by", "me", "--why", "x", "--ledger", at("none")],
      1,
      /none: does not exist/u,
    ],
    [["list", "--confidence", "sure", "--ledger", at("ledger")], 2, /unknown word "sure" in --confidence/u],
    [["export", "--format", "xml", "--ledger", at("ledger")], 2, /unknown word "xml" in --format/u],
    [["export", "--out", at("pack.yaml/x"), "--ledger", at("ledger")], 1, /cannot write/u],
    [["check", "x", "--ledger", at("ledger")], 2, /"x" is not expected here/u],
  ];
  it.each(wrong)("tags %j", async (args, exit, message) => {
    const { status, out, error } = await tags(...args);
    expect([status, out]).toEqual([exit, ""]);
    expect(error).toMatch(message);
    expect(error).toMatch(/^fundtrail: [^\n]+\n$/u);
  });

  it("and help is at hand", async () => {
    expect((await tags("--help")).out).toMatch(/^fundtrail tags import FILE\.\./u);
    expect((await fundtrail("help")).out).toContain("fundtrail tags ACTION");
  });
});
