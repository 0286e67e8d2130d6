import { Readable } from "node:stream";
import { Failure } from "../../base/failure.ts";
import { accountId } from "../../base/caip.ts";
import { formatUsd } from "../../base/usd.ts";
import { reasonFields, type Rule, type RuleSet } from "../../screen/rules.ts";
import { askedOf, type Screener } from "../../screen/screener.ts";
import { verdictDocument } from "../../screen/verdict-document.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import type { screeningRoutes } from "../contract/screenings.ts";
import type { Handlers, RawAnswer } from "../handling.ts";
import type { LedgerView, LedgerViews } from "../ledger-view.ts";
import { problemOf } from "../problem.ts";
import type { Screenings } from "../screenings/screenings.ts";
import { named } from "./addresses.ts";

/** So many lists are screened at once. */
const batchesMax = 4;

export type ScreeningParts = {
  readonly views: LedgerViews;
  readonly screenings: Screenings;
  readonly screenerOf: (view: LedgerView) => Screener;
};

/** What screens. */
export function screeningHandlers(
  parts: ScreeningParts | undefined,
  rules: RuleSet,
  report: (thrown: unknown) => void,
): Handlers<keyof typeof screeningRoutes> {
  const known = (): ScreeningParts => {
    if (parts !== undefined) return parts;
    throw new Failure("NOT_FOUND", {
      what: "this server has no ledger",
      mend: "start it with --ledger DIR",
      reason: "no-ledger",
    });
  };
  let batches = 0;
  return {
    screen: async ({ body, caller }) => json(await known().screenings.one(body, caller.id)),
    screenBatch: ({ body, caller }) => {
      const { screenings } = known();
      if (batches >= batchesMax) {
        const what = `${batchesMax} lists are screened already`;
        throw new Failure("SERVER_BUSY", { what, mend: "try again later", reason: "lists-running" });
      }
      batches += 1;
      const raw = Readable.from(linesOf(screenings.many(body.items, caller.id, told(report)), report));
      raw.once("close", () => void (batches -= 1));
      return { raw };
    },
    getScreening: async ({ params }) => {
      const found = await known().screenings.get(params.id);
      if (found !== undefined) return json(found);
      const mend = "check it; old screenings go, and the audit log says how to make them again";
      throw new Failure("NOT_FOUND", { what: `no screening ${params.id} is known`, mend, reason: "no-screening" });
    },
    getRules: () => rulesAnswer(rules),
    listExposures: async ({ params }) => {
      const { views, screenerOf } = known();
      return views.use((view) => exposuresAnswer(view, screenerOf(view), params));
    },
  };
}

function json(raw: string): RawAnswer {
  return { raw, headers: { "content-type": "application/json; charset=utf-8" } };
}

function told(report: (thrown: unknown) => void): Parameters<Screenings["many"]>[2] {
  return {
    line: (index, text) => `{"index":${index},${text.slice(1)}\n`,
    refused: (index, thrown) => {
      const problem = problemOf(thrown, `item ${index}`);
      if (problem.status >= 500) report(thrown);
      return `${JSON.stringify({ index, problem })}\n`;
    },
  };
}

/** Ends a list with a problem where it cannot go on: its head has gone out already. */
async function* linesOf(lines: AsyncIterable<string>, report: (thrown: unknown) => void): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (thrown) {
    report(thrown);
    yield `${JSON.stringify({ index: -1, problem: problemOf(thrown, "list") })}\n`;
  }
}

function exposuresAnswer(
  view: LedgerView,
  screener: Screener,
  params: { readonly chain: string; readonly address: string },
): AnswerOf<Contract["listExposures"]> {
  const { reader, address } = named(view, params);
  const asked = askedOf(address, { chain: reader.chain.id, direction: "either", wantsExposures: true });
  const verdict = verdictDocument(screener.screen(asked));
  return {
    account: accountId(reader.chain.id, address),
    block: verdict.block,
    exposures: verdict.facts.filter(({ evidence }) => evidence === "exposure"),
    // What the rules accept is not known all the same.
    missing: [...verdict.missing, ...verdict.accepted.map((gap) => ({ ...gap, mend: null }))],
    followed: verdict.checked.origins,
  };
}

function rulesAnswer({ name, version, digest, accept, rules }: RuleSet): AnswerOf<Contract["getRules"]> {
  return { name, version, digest, accept: [...accept], rules: rules.map(ruleAnswer) };
}

function ruleAnswer(rule: Rule): AnswerOf<Contract["getRules"]>["rules"][number] {
  return {
    id: rule.id,
    level: rule.level,
    ...reasonFields(rule),
    categories: [...rule.categories],
    evidence: rule.evidence ?? null,
    direction: rule.direction ?? null,
    reach: rule.reach ?? null,
    policy: rule.policy ?? null,
    shareMin: rule.shareMin === undefined ? null : String(rule.shareMin),
    usdMin: rule.usdMin === undefined ? null : formatUsd(rule.usdMin),
    hopsMin: rule.hopsMin ?? null,
    hopsMax: rule.hopsMax ?? null,
    ageMaxDays: rule.ageMaxDays ?? null,
    confidenceMin: rule.confidenceMin ?? null,
  };
}
