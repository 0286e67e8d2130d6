import { countryName, type CountryCode } from "../base/country.ts";
import type { Incident } from "../incidents/incident.ts";
import { countryOf } from "./grouping.ts";
import { countryRules, type Contribution, type Selection } from "./selection.ts";

/** Something that a reader must know of a theft where it counts. */
export type Remark = {
  readonly incident: string;
  readonly kind: "country" | "disputed" | "value" | "recovered";
  /** Whether the theft is in the central figure, or in the range only. */
  readonly counted: boolean;
  readonly text: string;
};

/** The remarks on a theft within a selection. */
export function remarksOn(contribution: Contribution, selection: Selection): readonly Remark[] {
  const { incident } = contribution;
  const remark = (kind: Remark["kind"], text: string): Remark => ({
    incident: incident.id,
    kind,
    counted: contribution.counted,
    text,
  });
  return [
    ...(rulesDiffer(incident) ? [remark("country", `${incident.victim.name}: ${countryWords(incident)}`)] : []),
    ...incident.disputed.map(({ what, why }) =>
      remark("disputed", `${incident.victim.name}: ${what} disputed: ${why}`),
    ),
    ...(contribution.central === undefined
      ? [remark("value", `${incident.victim.name}: value ${valueWords(selection)} unknown; not in the sum`)]
      : []),
    ...(contribution.recoveredLimited
      ? [remark("recovered", `${incident.victim.name}: what came back was worth more later; counted up to the loss`)]
      : []),
  ];
}

/** Whether the three rules place a theft in more than one country; a country not established is not a place. */
export function rulesDiffer(incident: Incident): boolean {
  return new Set(countryRules.map((rule) => countryOf(incident, rule)).filter((code) => code !== undefined)).size > 1;
}

/** Where each rule places the victim: "published Hong Kong, operated Singapore, seat Seychelles". */
export function countryWords(incident: Incident): string {
  const { seat, operator, published } = incident.victim.country;
  const name = (code: CountryCode | undefined): string => (code === undefined ? "unknown" : countryName(code));
  return [
    ...(published === undefined ? [] : [`published ${name(published.code)}`]),
    `operated ${name(operator)}`,
    `seat ${name(seat)}`,
  ].join(", ");
}

function valueWords(selection: Selection): string {
  switch (selection.value) {
    case "theft":
      return "at the theft";
    case "disclosed":
      return "as disclosed";
    case "now":
      return "of today";
    default:
      return selection.value satisfies never;
  }
}
