import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { failureCodes } from "../../src/base/failure-codes.ts";
import { fundtrail } from "../cli/terminal.ts";
import { pictureDocument } from "../../tools/picture-document.ts";
import { schemaDocuments } from "../../tools/schema-documents.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

describe("documents are true", () => {
  it("docs/errors.md has an entry for every failure's code, with its exit status, and no other", () => {
    const entries = [...read("docs/errors.md").matchAll(/^## (?<code>[A-Z_]+) \(exit (?<exit>[12])\)$/gmu)];
    expect(Object.fromEntries(entries.map(({ groups }) => [groups?.["code"], Number(groups?.["exit"])]))).toEqual(
      Object.fromEntries(Object.entries(failureCodes).map(([code, { exit }]) => [code, exit])),
    );
  });

  it("the published schemas are those that the types come from", () => {
    for (const [file, text] of schemaDocuments()) expect(read(file)).toBe(text);
  });

  it("the published schemas are valid by the meta-schema of draft 2020-12", () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    for (const [file] of schemaDocuments()) {
      expect([file, ajv.validateSchema(JSON.parse(read(file)) as object)]).toEqual([file, true]);
    }
  });

  it("the README's picture is what the program draws", async () => {
    expect(read("docs/losses.svg")).toBe(await pictureDocument());
  });

  it("every link between the documents leads somewhere", () => {
    const documents = [
      ...readdirSync(root).filter((file) => file.endsWith(".md")),
      ...readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".md"))
        .map((file) => `docs/${file}`),
    ];
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?<target>[^)#\s]+)/gu)]
        .map(({ groups }) => groups?.["target"] ?? "")
        .filter((target) => !/^https?:/u.test(target) && !existsSync(path.join(root, path.dirname(file), target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(documents.length).toBeGreaterThan(5);
    expect(broken).toEqual([]);
  });

  it("the README's figures are what the program prints", async () => {
    const { out } = await fundtrail("losses");
    const table = /```text\n(?<table>[^]*?)```/u.exec(read("README.md"))?.groups?.["table"] ?? "";
    expect(table.trim().split("\n").length).toBeGreaterThan(5);
    for (const line of table.trim().split("\n")) expect(out).toContain(line.trimEnd());
  });

  it("every file that a message or a heading names exists", () => {
    for (const file of ["docs/methods/losses.md", "docs/methods/reconciliation.md", "docs/methods/confidence.md"]) {
      expect(existsSync(path.join(root, file))).toBe(true);
    }
  });
});
