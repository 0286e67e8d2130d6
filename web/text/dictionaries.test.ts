import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { say, type Text, type Words } from "./text.ts";

const root = path.resolve(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/u.test(name) && !name.endsWith(".test.ts"))
  .toSorted();
const dictionaries = await Promise.all(
  files
    .filter((name) => name.endsWith("words.ts"))
    .map(async (name) => ({ name, module: (await import(path.join(root, name))) as Record<string, unknown> })),
);
const texts = dictionaries.flatMap(({ name, module }) =>
  Object.values(module)
    .filter((words): words is Words => typeof words === "object" && words !== null)
    .flatMap((words) => Object.entries(words).filter(([, text]) => isText(text)))
    .map(([key, text]) => ({ where: `${name} ${key}`, en: text[0], ja: text[1] })),
);

function isText(text: unknown): text is Text {
  return Array.isArray(text) && text.length === 2 && text.every((one) => typeof one === "string");
}

/** What is written alike in both languages. */
const alike =
  /^(?:UTC|CSV|SVG|PNG|JSON|API|EN|MITRE ATT&CK|GraphML|GEXF|FIFO|LIFO|TIHO|[^\p{L}]*(?:\{[a-zA-Z]+\}[^\p{L}]*)+)$/u;

describe("the dictionaries", () => {
  it("are found", () => expect(texts.length).toBeGreaterThan(150));

  it("have every text in both languages", () => {
    const missing = texts.filter(({ en, ja }) => en.trim() === "" || ja.trim() === "");
    expect(missing).toEqual([]);
    const untranslated = texts.filter(({ en, ja }) => en === ja && /\p{L}/u.test(en) && !alike.test(en));
    expect(untranslated.map(({ where }) => where)).toEqual([]);
  });

  it("put the same values into both", () => {
    const names = (text: string): string => [...new Set(text.match(/\{[a-zA-Z]+\}/gu) ?? [])].toSorted().join();
    const differing = texts.filter(({ en, ja }) => names(en) !== names(ja));
    expect(differing.map(({ where }) => where)).toEqual([]);
  });

  it("use the field's words: never 仮想通貨, 流出先 for an exit, 帰属 for an attribution", () => {
    const wrong = texts.filter(({ ja }) => /仮想通貨|流出先|帰属/u.test(ja));
    expect(wrong).toEqual([]);
    expect(texts.filter(({ en, ja }) => /crypto-?currenc/iu.test(en) && !ja.includes("暗号資産"))).toEqual([]);
  });

  it("write Japanese with half-width digits and letters, and no spaces between its characters", () => {
    const wide = texts.filter(({ ja }) =>
      /[０-９Ａ-Ｚａ-ｚ]|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}] [\p{sc=Han}\p{sc=Hiragana}]/u.test(ja),
    );
    expect(wide.map(({ where, ja }) => `${where}: ${ja}`)).toEqual([]);
  });

  it("say one and many in English", () => {
    const text: Text = ["{n} theft|{n} thefts", "{n}件"];
    expect([1, 2, 0].map((n) => say("en", text as readonly ["{n}", "{n}"], { n }))).toEqual([
      "1 theft",
      "2 thefts",
      "0 thefts",
    ]);
    expect(say("ja", text as readonly ["{n}", "{n}"], { n: 1 })).toBe("1件");
  });

  it("take what is put in as text, whatever it holds", () => {
    const text = ["a {x}", "甲{x}"] as const;
    expect(say("en", text, { x: "<script>{y}$&" })).toBe("a <script>{y}$&");
  });
});

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

/** What a reader would read or hear that stands in a component and not in a dictionary. */
function strayTexts(name: string, text: string): readonly string[] {
  const found: string[] = [];
  const pending: unknown[] = [parseSync(name, text).program];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (Array.isArray(next)) {
      pending.push(...(next as unknown[]));
      continue;
    }
    if (typeof next !== "object" || next === null) continue;
    const node = next as Node;
    if (node.type === "JSXText" && /\p{L}{2}/u.test(String(node["value"]))) found.push(String(node["value"]).trim());
    if (node.type === "JSXAttribute") {
      const { name: attribute } = node["name"] as { readonly name: string };
      const value = node["value"] as { readonly type?: string; readonly value?: unknown } | null;
      const isRead = /^(?:aria-label|title|placeholder|alt|label)$/u.test(attribute);
      if (isRead && value?.type === "Literal" && /\p{L}{2}/u.test(String(value.value))) found.push(String(value.value));
    }
    pending.push(...Object.values(node).filter((child) => typeof child === "object" && child !== null));
  }
  return found;
}

describe("no text stands outside of the dictionaries", () => {
  it("in a component", () => {
    const stray = files
      .filter((name) => name.endsWith(".tsx"))
      .flatMap((name) =>
        strayTexts(name, readFileSync(path.join(root, name), "utf8")).map((text) => `${name}: ${text}`),
      )
      // Names that are the same in every language: the product's, and those of file formats.
      .filter((line) => !/: (?:Fundtrail|SVG|PNG|CSV|JSON|GraphML|GEXF)$/u.test(line));
    expect(stray).toEqual([]);
  });

  it("and where it does it is found", () => {
    expect(strayTexts("a.tsx", `export const a = <p title="Hello">World <b>{x}</b></p>;`).toSorted()).toEqual([
      "Hello",
      "World",
    ]);
  });

  it("in Japanese, but in words, names and formatters", () => {
    const japanese = files
      .filter((name) => !/(?:words|country-names)\.ts$|^base\//u.test(name))
      .filter((name) =>
        /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(readFileSync(path.join(root, name), "utf8")),
      );
    expect(japanese).toEqual([]);
  });
});
