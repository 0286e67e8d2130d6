import { parseArgs, type ParseArgsConfig } from "node:util";
import { parseCountry } from "../base/country.ts";
import { parseDay, type Day } from "../base/day.ts";
import { Failure, isFailure } from "../base/failure.ts";
import { nearest } from "../base/nearest.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The values of a command's options, and its other words. */
export type Arguments = {
  readonly words: readonly string[];
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
};

/**
 * Reads a command's arguments strictly.
 *
 * @param options - The options it takes, as for `node:util` parseArgs.
 * @param wordsMax - How many words beside options it takes.
 * @throws {Failure} `USAGE` for an unknown option, a missing or superfluous value, an option given twice.
 */
export function readArguments(args: readonly string[], options: Options, wordsMax: number): Arguments {
  const parsed = parse(args, options);
  const values = parsed.values as Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  const seen = new Set<string>();
  for (const token of parsed.tokens ?? []) {
    if (token.kind !== "option") continue;
    if (seen.has(token.name) && options[token.name]?.multiple !== true) {
      throw new Failure("USAGE", { what: `--${token.name} is given twice`, mend: "give it once" });
    }
    seen.add(token.name);
  }
  if (parsed.positionals.length > wordsMax) {
    const word = parsed.positionals[wordsMax] ?? "";
    throw new Failure("USAGE", { what: `"${word}" is not expected here`, mend: "see fundtrail help" });
  }
  return {
    words: parsed.positionals,
    text: (name) => (typeof values[name] === "string" ? values[name] : undefined),
    texts: (name) => (Array.isArray(values[name]) ? (values[name] as readonly string[]) : []),
    flag: (name) => values[name] === true,
  };
}

function parse(args: readonly string[], options: Options): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message: string };
    if (code?.startsWith("ERR_PARSE_ARGS") !== true) throw thrown;
    const unknown = /Unknown option '(?<name>-{1,2}[^']*)'/u.exec(message)?.groups?.["name"];
    if (unknown === undefined) {
      throw new Failure("USAGE", { what: message.split(/[.\n]/u, 1)[0] ?? message, mend: "see fundtrail help" });
    }
    const known = Object.keys(options).map((name) => `--${name}`);
    const mend = nearest(unknown, known, `the options are ${known.join(" ")}`);
    throw new Failure("USAGE", { what: `unknown option ${unknown}`, mend });
  }
}

/**
 * One of a closed list of words.
 *
 * @throws {Failure} `UNKNOWN_NAME`, with the list.
 */
export function oneOf<Word extends string>(words: readonly Word[], text: string, option: string): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new Failure("UNKNOWN_NAME", {
    kind: "word",
    name: text,
    where: option,
    mend: nearest(text, words, `use one of ${words.join(", ")}`),
  });
}

/**
 * The value of an option that a command cannot do without.
 *
 * @throws {Failure} `USAGE` where it is not given.
 */
export function required(options: Arguments, name: string, form: string): string {
  const text = options.text(name);
  if (text !== undefined && text !== "") return text;
  throw new Failure("USAGE", { what: `--${name} is missing`, mend: `give --${name} ${form}` });
}

/** A count given for an option. */
export function readCount(options: Arguments, name: string, otherwise: number): number {
  const text = options.text(name);
  if (text === undefined) return otherwise;
  if (/^[0-9]{1,9}$/u.test(text)) return Number(text);
  throw new Failure("USAGE", { what: `--${name} "${text}" is not a number`, mend: "for example 100" });
}

/** A day given for an option; the failure names the option. */
export function dayOption(text: string, option: string): Day {
  try {
    return parseDay(text);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    throw new Failure("USAGE", { what: `${option} ${thrown.message}`, mend: "for example 2017-01-01" });
  }
}

/** A country given for an option, or the word for what is unknown. */
export function countryKey(text: string, option: string, unknown: string): string {
  return text === unknown ? text : parseCountry(text, option);
}
