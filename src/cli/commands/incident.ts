import { Failure } from "../../base/failure.ts";
import { formatMillions } from "../../base/usd.ts";
import { incidentJson, incidentSections } from "../../incidents/present.ts";
import type { Register } from "../../incidents/register.ts";
import { countryOf, unknownKey } from "../../losses/grouping.ts";
import { readArguments, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { findIncident } from "../../incidents/find.ts";
import { loadRegister, loadValidRegister } from "../register.ts";
import { plainText, textTable } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

/** `fundtrail incident ID | list | check | verify ID`. */
export const incident: Command = async (args, terminal) => {
  const options = readOptions(args);
  const [word] = options.words;
  const isJson = options.flag("json");
  if (word === undefined) {
    throw new Failure("USAGE", {
      what: "incident needs an id, list, check or verify ID",
      mend: "see fundtrail help incident",
    });
  }
  // Only this one needs a ledger.
  if (word === "verify") return (await import("./incident-verify.ts")).verify(options, terminal);
  if (word === "check") return check(await loadRegister(options.texts("register")), isJson, terminal);
  const register = await loadValidRegister(options.texts("register"));
  terminal.out(word === "list" ? list(register, isJson, terminal) : show(register, word, isJson, terminal));
  return 0;
};

function readOptions(args: readonly string[]): Arguments {
  const common = { register: { type: "string", multiple: true }, json: { type: "boolean" } } as const;
  if (!args.includes("verify")) return readArguments(args, common, 1);
  return readArguments(args, { ...common, ledger: { type: "string" }, transactions: { type: "string" } }, 2);
}

/** Prints every finding with file and line; 1 where one is an error. */
function check(register: Register, isJson: boolean, terminal: Terminal): number {
  const { findings } = register;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (isJson) {
    const counts = {
      incidents: register.incidents.length,
      actors: register.actors.size,
      published: register.published.size,
    };
    terminal.out(
      jsonText({
        ...counts,
        errors,
        warnings: findings.length - errors,
        findings,
        register: { sha256: register.digest },
      }),
    );
    return errors === 0 ? 0 : 1;
  }
  for (const { severity, place, what, mend } of findings) {
    const line = place.line === undefined ? place.file : `${place.file}:${place.line}`;
    terminal.out(plainText(`${line}: ${severity}: ${what}; ${mend}`).trim() + "\n");
  }
  const prices = [...register.prices.values()].reduce((sum, of) => sum + of.length, 0);
  terminal.out(
    `${register.incidents.length} incidents, ${register.actors.size} actors, ${register.published.size} published sets, ` +
      `${prices} prices: ${errors} errors, ${findings.length - errors} warnings\n`,
  );
  return errors === 0 ? 0 : 1;
}

function list(register: Register, isJson: boolean, terminal: Terminal): string {
  if (isJson) return jsonText({ incidents: register.incidents.map((one) => incidentJson(one, register.prices)) });
  return textTable(
    {
      columns: [
        { title: "Incident", align: "left" },
        { title: "Victim", align: "left" },
        { title: "Country", align: "left" },
        { title: "$m at theft", align: "right" },
        { title: "Actor", align: "left" },
        { title: "Confidence", align: "left" },
      ],
      rows: register.incidents.map((one) => [
        one.id,
        one.simulated ? `${one.victim.name} (simulated)` : one.victim.name,
        countryOf(one, "published") ?? unknownKey,
        one.valuesAtTheft[0] === undefined ? "unknown" : formatMillions(one.valuesAtTheft[0].usd),
        one.attribution?.actor ?? "not attributed",
        one.attribution?.confidence ?? "",
      ]),
      totals: 0,
    },
    terminal,
  );
}

function show(register: Register, id: string, isJson: boolean, terminal: Terminal): string {
  const found = findIncident(register, id);
  if (isJson) return jsonText(incidentJson(found, register.prices));
  return incidentSections(found, register)
    .map(({ title, lines }) => {
      const [head, ...rest] = lines.map((line) => plainText(line));
      const name = terminal.isTerminal ? `\u001b[1m${title}\u001b[22m` : title;
      return [
        `${name}${" ".repeat(Math.max(1, 14 - title.length))}${head ?? ""}`,
        ...rest.map((line) => `${" ".repeat(14)}${line}`),
      ].join("\n");
    })
    .join("\n")
    .concat("\n");
}
