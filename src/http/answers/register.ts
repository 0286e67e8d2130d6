import { parseDay } from "../../base/day.ts";
import { Failure } from "../../base/failure.ts";
import { nearest } from "../../base/nearest.ts";
import { findIncident, findPublished } from "../../incidents/find.ts";
import { incidentJson } from "../../incidents/present.ts";
import type { Register } from "../../incidents/register.ts";
import { selectionOf } from "../../losses/asked-selection.ts";
import { detailedLossesJson, lossesJson, openRowJson, reconciliationJson } from "../../losses/json.ts";
import { computeLosses } from "../../losses/losses.ts";
import { reconcile } from "../../losses/reconcile.ts";
import { studySelection } from "../../losses/selection.ts";
import { findActor, type Actor } from "../../tags/actor.ts";
import type { Contract } from "../contract/contract.ts";
import type { registerRoutes } from "../contract/register.ts";
import type { AnswerOf, QueryOf } from "../contract/route.ts";
import { pageOf } from "../cursor.ts";
import type { Asked, Handlers, RawAnswer } from "../handling.ts";
import { KeptTexts } from "../kept-texts.ts";

/** Of answers made from the register alone, which is the same as long as the server runs. */
const keptCharacters = 32 * 1024 * 1024;

/** What reads the register; the same figures as the command line's. */
export function registerHandlers(register: Register): Handlers<keyof typeof registerRoutes> {
  const incident = (one: Register["incidents"][number]): AnswerOf<Contract["getIncident"]> =>
    incidentJson(one, register.prices) as AnswerOf<Contract["getIncident"]>;
  const reconciled = (set: ReturnType<typeof findPublished>, how: QueryOf<Contract["getReconciliation"]>) =>
    reconciliationJson(
      reconcile(register, set, {
        confidence: how.confidence ?? studySelection.confidence,
        countryRule: how.countryRule ?? studySelection.countryRule,
      }),
    ) as AnswerOf<Contract["getReconciliation"]>;
  const texts = new KeptTexts(keptCharacters);
  /** Making these takes milliseconds, in which nobody else is answered: each question is worked out once. */
  const once =
    <Question extends { readonly params: unknown; readonly query: unknown }>(
      name: string,
      make: (asked: Question) => object,
    ) =>
    (asked: Question): RawAnswer => ({
      raw: texts.get(JSON.stringify([name, asked.params, asked.query]), () => JSON.stringify(make(asked))),
      headers: { "content-type": "application/json; charset=utf-8" },
    });
  return {
    listIncidents: once("incidents", ({ query }: Asked<Contract["listIncidents"]>) => {
      const { page, next } = pageOf(register.incidents, query);
      return { incidents: page.map(incident), next };
    }),
    getIncident: once("incident", ({ params }: Asked<Contract["getIncident"]>) =>
      incident(findIncident(register, params.id)),
    ),
    listActors: ({ query }) => {
      const all = [...register.actors.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
      const { page, next } = pageOf(all, query);
      return { actors: page.map(actorAnswer), next };
    },
    getActor: ({ params }) => actorAnswer(findActor(register.actors, params.id, "the register")),
    getLosses: once("losses", ({ query }: Asked<Contract["getLosses"]>) => lossesAnswer(register, query)),
    listReconciliations: once("reconciliations", ({ query }: Asked<Contract["listReconciliations"]>) => ({
      sets: [...register.published.values()].map((set) => reconciled(set, query)),
    })),
    getReconciliation: once("reconciliation", ({ params, query }: Asked<Contract["getReconciliation"]>) =>
      reconciled(findPublished(register, params.id), query),
    ),
  };
}

function lossesAnswer(register: Register, query: QueryOf<Contract["getLosses"]>): AnswerOf<Contract["getLosses"]> {
  const selection = selectionOf(
    register.actors,
    {
      actor: query.actor,
      from: query.from === undefined ? undefined : parseDay(query.from),
      to: query.to === undefined ? undefined : parseDay(query.to),
      value: query.value,
      confidence: query.confidence,
      countryRule: query.countryRule,
      technique: query.technique,
    },
    "",
  );
  const losses = computeLosses(register, selection, query.by ?? "country");
  const { open } = query;
  if (open === undefined) {
    const answer = query.detail === "thefts" ? detailedLossesJson(losses) : lossesJson(losses);
    return answer as AnswerOf<Contract["getLosses"]>;
  }
  const row = losses.rows.find(({ key }) => key === open);
  if (row !== undefined) return openRowJson(losses, row) as AnswerOf<Contract["getLosses"]>;
  const keys = losses.rows.map(({ key }) => key);
  const mend = nearest(open, keys, "use the key of a row of the same call without open");
  throw new Failure("UNKNOWN_NAME", { kind: "row", name: open, where: "open", mend });
}

function actorAnswer({ parent, attack, notes, sources, aliases, ...rest }: Actor): AnswerOf<Contract["getActor"]> {
  return {
    ...rest,
    parent: parent ?? null,
    attack: attack ?? null,
    notes: notes ?? null,
    aliases: [...aliases],
    sources: Object.fromEntries(sources) as AnswerOf<Contract["getActor"]>["sources"],
  };
}
