/** The fixtures of ethereum-etl: a node's answers, and what ethereum-etl made of them. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { sharedData } from "../../shared-data.ts";

export const resources = sharedData("evm/ethereum-etl/tests/resources");

export type Row = Readonly<Record<string, string>>;
export type Json = Readonly<Record<string, unknown>>;

/** The `result` of the one answer in a folder whose file name has this part. */
export function answer(folder: string, part: string): unknown {
  const [only, ...more] = names(folder).filter((name) => name.includes(part));
  if (only === undefined || more.length > 0) throw new Error(`fixtures: ${folder} has not one file of ${part}`);
  return result(folder, only);
}

/** The results of all answers in a folder whose file names have this part, in the order of the names. */
export function answers(folder: string, part: string): readonly unknown[] {
  return names(folder)
    .filter((name) => name.includes(part))
    .map((name) => result(folder, name));
}

export function csv(folder: string, name: string): readonly Row[] {
  return parse(text(folder, name), { columns: true });
}

/** JSON lines; integers that JavaScript cannot hold are given as texts of digits. */
export function jsonLines(folder: string, name: string): readonly Json[] {
  return text(folder, name)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.replaceAll(/: (?<digits>[0-9]{16,})(?=[,}])/gu, ': "$<digits>"')) as Json);
}

function names(folder: string): readonly string[] {
  return readdirSync(path.join(resources ?? "", folder)).toSorted();
}

function result(folder: string, name: string): unknown {
  return (JSON.parse(text(folder, name)) as { readonly result: unknown }).result;
}

function text(folder: string, name: string): string {
  return readFileSync(path.join(resources ?? "", folder, name), "utf8");
}
