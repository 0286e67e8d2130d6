import { parseUnits, type Units } from "../base/amount.ts";
import { asset, type Asset } from "../base/assets.ts";
import { chain } from "../base/chains.ts";
import { parseCountry, type CountryCode } from "../base/country.ts";
import { parsePeriod, type Period } from "../base/day.ts";
import { parseDecimal } from "../base/decimal.ts";
import { parseUsd } from "../base/usd.ts";
import { parseChainAddress, parseChainTxid } from "../chains/address.ts";
import type { Claim, Incident, OnChain, Recovery, Stolen, Valuation, VictimCountry } from "./incident.ts";
import { readSources } from "./read-sources.ts";
import { RegisterFile, type Path, type TextFile } from "./register-file.ts";
import type { IncidentFile } from "./schema.ts";

type File = RegisterFile<IncidentFile>;

/**
 * Reads one file of `data/incidents`.
 *
 * Checked here is what one file can tell: schema, dates that exist, countries, chains, addresses by their checksums,
 * amounts that fit the asset's base unit. What needs the other files is in `check.ts`.
 *
 * @returns The incident, undefined where the file's findings hold an error.
 */
export function readIncident(text: TextFile): { readonly file: File; readonly incident: Incident | undefined } {
  const file = new RegisterFile<IncidentFile>("incident", text);
  const content = file.content;
  if (content === undefined) return { file, incident: undefined };
  const date = file.attempt(["date"], () => parsePeriod(content.date));
  if (date === undefined) return { file, incident: undefined };
  const incident: Incident = {
    id: content.id,
    file: file.path,
    date,
    time: content.time,
    disclosed: readPeriod(file, ["disclosed"], content.disclosed),
    victim: { ...content.victim, country: readCountry(file, content.victim.country) },
    stolen: readStolen(file, content),
    stolenComplete: content.stolen !== undefined && content.stolen_complete !== "no",
    valuesAtTheft: readValues(file, content, "theft"),
    valuesDisclosed: readValues(file, content, "disclosed"),
    recovered: readRecovered(file, content),
    attribution:
      content.attribution === undefined
        ? undefined
        : {
            actor: content.attribution.actor,
            confidence: content.attribution.confidence,
            claims: readClaims(file, ["attribution", "claims"], content.attribution.claims),
            disputes: readClaims(file, ["attribution", "disputes"], content.attribution.disputes ?? []),
          },
    suspicions: content.suspicions ?? [],
    techniques: (content.techniques ?? []).map(({ id, text: what }) => ({ id, text: what })),
    chain: readChain(file, content.chain),
    disputed: content.disputed ?? [],
    simulated: content.simulated === "yes",
    notes: content.notes,
    sources: readSources(content.sources),
  };
  return { file, incident: file.findings.some(({ severity }) => severity === "error") ? undefined : incident };
}

function readPeriod(file: File, path: Path, text: string | undefined): Period | undefined {
  return text === undefined ? undefined : file.attempt(path, () => parsePeriod(text));
}

function readCountry(file: File, country: IncidentFile["victim"]["country"]): VictimCountry {
  const read = (path: Path, code: string | undefined): CountryCode | undefined =>
    code === undefined
      ? undefined
      : file.attempt(["victim", "country", ...path], () => parseCountry(code, path.join(".")));
  const code = read(["published", "code"], country.published?.code);
  return {
    seat: read(["seat"], country.seat),
    operator: read(["operator"], country.operator),
    published:
      country.published === undefined || code === undefined
        ? undefined
        : { code, by: country.published.by, basis: country.published.basis },
    claimed: (country.claimed ?? []).flatMap((claim, index) => {
      const place = read(["claimed", index, "code"], claim.code);
      return place === undefined ? [] : [{ ...claim, code: place }];
    }),
  };
}

function readStolen(file: File, content: IncidentFile): readonly Stolen[] {
  return (content.stolen ?? []).flatMap((item, index): readonly Stolen[] => {
    const path = ["stolen", index];
    if ("lot" in item) {
      const usd = file.attempt([...path, "usd"], () => parseUsd(String(item.usd)));
      return usd === undefined ? [] : [{ kind: "lot", text: item.lot, usd }];
    }
    if ("token" in item) {
      const amount = file.attempt([...path, "amount"], () => parseDecimal(String(item.amount), "an amount"));
      const on = item.on === undefined ? undefined : file.attempt([...path, "on"], () => chain(item.on ?? "").alias);
      return amount === undefined ? [] : [{ kind: "token", symbol: item.token, chain: on, amount }];
    }
    const read = readAmount(file, path, item.asset, String(item.amount));
    return read === undefined ? [] : [{ kind: "asset", ...read }];
  });
}

function readAmount(
  file: File,
  path: Path,
  name: string,
  amount: string,
): { readonly asset: Asset; readonly units: Units } | undefined {
  const known = file.attempt([...path, "asset"], () => asset(name));
  if (known === undefined) return undefined;
  if (known.decimals === undefined) {
    file.error([...path, "asset"], `the decimals of ${name} are not known`, "write it as `token:` with its symbol");
    return undefined;
  }
  const decimals = known.decimals;
  const units = file.attempt([...path, "amount"], () => parseUnits(amount, decimals));
  return units === undefined ? undefined : { asset: known, units };
}

function readValues(file: File, content: IncidentFile, at: "theft" | "disclosed"): readonly Valuation[] {
  return content.values.flatMap((value, index) => {
    if (value.at !== at) return [];
    const usd = file.attempt(["values", index, "usd"], () => parseUsd(String(value.usd)));
    return usd === undefined ? [] : [{ usd, basis: value.basis, source: value.source }];
  });
}

function readRecovered(file: File, content: IncidentFile): readonly Recovery[] {
  return (content.recovered ?? []).flatMap((item, index) => {
    const path = ["recovered", index];
    const usd = file.attempt([...path, "usd"], () => parseUsd(String(item.usd)));
    const returned =
      item.asset === undefined || item.amount === undefined
        ? undefined
        : readAmount(file, path, item.asset, String(item.amount));
    const date = readPeriod(file, [...path, "date"], item.date);
    return usd === undefined ? [] : [{ usd, at: item.at, returned, date, basis: item.basis, source: item.source }];
  });
}

function readClaims(
  file: File,
  path: Path,
  claims: NonNullable<IncidentFile["attribution"]>["claims"],
): readonly Claim[] {
  return claims.map(({ by, date, says, source }, index) => ({
    by,
    date: readPeriod(file, [...path, index, "date"], date),
    says,
    source,
  }));
}

function readChain(file: File, chains: IncidentFile["chain"]): OnChain {
  const read = (key: "theft" | "thief" | "victim", parse: (text: string) => string): readonly string[] =>
    (chains?.[key] ?? []).flatMap((text, index) => {
      const parsed = file.attempt(["chain", key, index], () => parse(text));
      return parsed === undefined ? [] : [parsed];
    });
  const address = (text: string): string => {
    const parsed = parseChainAddress(text);
    return `${parsed.chain.alias}:${parsed.address}`;
  };
  const txid = (text: string): string => {
    const parsed = parseChainTxid(text);
    return `${parsed.chain.alias}:${parsed.txid}`;
  };
  return { theft: read("theft", txid), thief: read("thief", address), victim: read("victim", address) };
}
