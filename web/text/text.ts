import type { Locale } from "../base/locale.ts";

/**
 * A text in both languages, English first. `{name}` stands for what is put in; `one|many` in English is chosen by the number
 * `{n}`.
 */
export type Text = readonly [en: string, ja: string];
export type Words = Readonly<Record<string, Text>>;

type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
export type Values<One extends Text> = Readonly<Record<Names<One[0]>, string | number>>;
type Given<One extends Text> = [Names<One[0]>] extends [never] ? readonly [] : readonly [values: Values<One>];

/** A dictionary; its type keeps the literal texts, so that what a text needs is checked where it is used. */
export function bilingual<const Dictionary extends Words>(dictionary: Dictionary): Dictionary {
  return dictionary;
}

/** Says a text in a language. Whatever is put in is text too, and stays it. */
export function say<const One extends Text>(locale: Locale, text: One, ...given: Given<One>): string {
  const [values] = given as readonly [Readonly<Record<string, string | number>> | undefined];
  return fill(template(locale, text, values?.["n"]), values ?? {});
}

export type Say = <const One extends Text>(text: One, ...given: Given<One>) => string;

function template(locale: Locale, [en, ja]: Text, count: string | number | undefined): string {
  if (locale === "ja") return ja;
  const [one = "", many] = en.split("|");
  return many === undefined || String(count) === "1" ? one : many;
}

/** Puts values in their places. Whatever is put in is text and stays it. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(?<name>[a-zA-Z]+)\}/gu, (whole, name: string) => String(values[name] ?? whole));
}
