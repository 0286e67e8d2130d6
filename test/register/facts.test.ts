import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { formatUnits } from "../../src/base/amount.ts";
import { formatDecimal } from "../../src/base/decimal.ts";
import { parseUsd } from "../../src/base/usd.ts";
import { loadRegister } from "../../src/cli/register.ts";
import { parseChainAddress } from "../../src/chains/address.ts";
import { sharedData } from "../shared-data.ts";

const register = await loadRegister([]);

describe("the bundled register", () => {
  it("has no errors", () => expect(register.findings.filter(({ severity }) => severity === "error")).toEqual([]));

  it("gives every value a source that says who and, nearly always, where", () => {
    const values = register.incidents.flatMap((incident) =>
      [...incident.valuesAtTheft, ...incident.valuesDisclosed].map(
        ({ source }) => incident.sources.get(source)?.name ?? "",
      ),
    );
    expect(values.length).toBeGreaterThan(250);
    expect(values.filter((name) => name === "")).toEqual([]);
  });
});

const facts = sharedData("register/incidents.csv");

describe.skipIf(facts === undefined)("the bundled register holds the gathered facts", () => {
  type Row = Readonly<Record<string, string>>;
  const rows = facts === undefined ? [] : (parse(readFileSync(facts), { columns: true, bom: true }) as readonly Row[]);
  const list = (text: string | undefined): readonly string[] =>
    (text ?? "")
      .split(";")
      .map((one) => one.trim())
      .filter(Boolean);
  const find = (row: Row): (typeof register.incidents)[number] => {
    const found = register.incidents.find(({ id }) => id === row["id"]);
    if (found === undefined) throw new Error(`${row["id"]} is not in the register`);
    return found;
  };

  it("every row, and no other", () => {
    expect(register.incidents.map(({ id }) => id).toSorted()).toEqual(rows.map((row) => row["id"] ?? "").toSorted());
  });

  it.each(rows.map((row) => [row["id"] ?? "", row] as const))("%s", (_id, row) => {
    const incident = find(row);
    expect(incident.date.text.length === 7 ? row["date"]?.slice(0, 7) : row["date"]).toBe(incident.date.text);
    expect(incident.valuesAtTheft[0]?.usd).toBe(
      row["usd_at_theft"] === "" ? undefined : parseUsd(row["usd_at_theft"] ?? ""),
    );
    const disclosed = incident.valuesDisclosed.map(({ usd }) => usd);
    if (row["usd_disclosed"] !== "") expect(disclosed).toContain(parseUsd(row["usd_disclosed"] ?? ""));
    expect(incident.victim.country.seat ?? "").toBe(row["country_seat"]);
    expect(incident.victim.country.operator ?? "").toBe(row["country_operator"]);
    const published = row["country_published"] ?? "";
    expect(incident.victim.country.published?.code ?? incident.victim.country.operator ?? "").toBe(
      published === "" ? (row["country_operator"] ?? "") : published,
    );
    expect(incident.attribution?.actor ?? "").toBe(row["actor"]);
    // A charge, or a conviction set aside, against a living person is not "confirmed".
    const lowered = ["2022-10-11-mango", "2023-11-22-kyberswap"].includes(incident.id);
    expect(incident.attribution?.confidence ?? "").toBe(lowered ? "high" : row["attribution_confidence"]);
    const canonical = (text: string): string => {
      const { chain, address } = parseChainAddress(text);
      return `${chain.alias}:${address}`;
    };
    expect(incident.chain.thief).toEqual(list(row["thief_addresses"]).map(canonical));
    expect(incident.chain.victim).toEqual(list(row["victim_addresses"]).map(canonical));
    expect(incident.chain.theft.map((id) => id.toLowerCase())).toEqual(
      list(row["theft_txs"]).map((id) => id.toLowerCase()),
    );
  });

  it("every stolen amount, exactly, but for those corrected against their sources", () => {
    const corrected = new Set(["2023-11-18-kronos"]);
    for (const row of rows.filter(({ id }) => !corrected.has(id ?? ""))) {
      const stolen = find(row).stolen.map((item) => {
        if (item.kind === "asset") return formatUnits(item.units, item.asset.decimals ?? 0);
        return item.kind === "token" ? formatDecimal(item.amount) : (item.usd / 100n).toString();
      });
      const gathered = list(row["assets"]).map((text) => formatDecimal(decimalOf(text.split(" ")[0] ?? "")));
      expect([row["id"], stolen]).toEqual([row["id"], gathered]);
    }
  });
});

function decimalOf(text: string): { readonly digits: bigint; readonly scale: number } {
  const [whole = "", fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}
