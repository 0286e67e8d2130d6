import { Type } from "typebox";
import { groupings } from "../../losses/grouping.ts";
import { countryRules, valueKinds } from "../../losses/selection.ts";
import { Confidence, Cursor, IdParams, limitOf, Next, orNull, words } from "./common.ts";
import { Incident, Sources } from "./incident.ts";
import { Losses, Reconciliation } from "./losses.ts";
import { reads, strict } from "./route.ts";

const Day = Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description: "A day, UTC." });
const Actor = Type.Object({
  id: Type.String(),
  name: Type.String(),
  parent: orNull(Type.String()),
  kind: Type.String(),
  attack: orNull(Type.String()),
  aliases: Type.Array(Type.String()),
  notes: orNull(Type.String()),
  sources: Sources,
});
const How = {
  confidence: Type.Optional(Confidence),
  countryRule: Type.Optional(words(countryRules, "Whose country.")),
};
const Page = Type.Object({ limit: limitOf(500, 100), cursor: Type.Optional(Cursor) }, strict);

export const registerRoutes = {
  listIncidents: reads({
    path: "/v1/incidents",
    group: "register",
    summary: "The register's thefts, in order of date.",
    query: Page,
    answer: Type.Object({ incidents: Type.Array(Incident), next: Next }),
  }),
  getIncident: reads({
    path: "/v1/incidents/{id}",
    group: "register",
    summary: "One theft: amounts, values, attribution, sources.",
    params: IdParams,
    answer: Incident,
  }),
  listActors: reads({
    path: "/v1/actors",
    group: "register",
    summary: "The register's actors.",
    query: Page,
    answer: Type.Object({ actors: Type.Array(Actor), next: Next }),
  }),
  getActor: reads({
    path: "/v1/actors/{id}",
    group: "register",
    summary: "One actor.",
    params: IdParams,
    answer: Actor,
  }),
  getLosses: reads({
    path: "/v1/losses",
    group: "register",
    summary: "Who lost what, by group; with `open`, one row's thefts. The figures of `fundtrail losses`.",
    query: Type.Object(
      {
        actor: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: "An actor, or all." })),
        from: Type.Optional(Day),
        to: Type.Optional(Day),
        by: Type.Optional(words(groupings, "What rows are.")),
        value: Type.Optional(words(valueKinds, "Valued when.")),
        ...How,
        technique: Type.Optional(Type.String({ pattern: "^T[0-9]{4}(\\.[0-9]{3})?$", description: "MITRE ATT&CK." })),
        open: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: "A row's key." })),
        detail: Type.Optional(
          words(["rows", "thefts"], "With `thefts`, also every row year by year, and the thefts; not with `open`."),
        ),
      },
      strict,
    ),
    answer: Losses,
  }),
  listReconciliations: reads({
    path: "/v1/reconciliations",
    group: "register",
    summary: "Published figures beside the register's, all sets. The figures of `fundtrail reconcile`.",
    query: Type.Object(How, strict),
    answer: Type.Object({ sets: Type.Array(Reconciliation) }),
  }),
  getReconciliation: reads({
    path: "/v1/reconciliations/{id}",
    group: "register",
    summary: "One published set beside the register.",
    params: IdParams,
    query: Type.Object(How, strict),
    answer: Reconciliation,
  }),
};
