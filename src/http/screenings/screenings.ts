import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { isFailure } from "../../base/failure.ts";
import type { ChainedLog } from "../../io/chained-log.ts";
import type { SegmentLog } from "../../io/segment-log.ts";
import { askedOf, type Screener } from "../../screen/screener.ts";
import { verdictDocument } from "../../screen/verdict-document.ts";
import type { VerdictDocument } from "../../screen/verdict-schema.ts";
import type { BodyOf } from "../contract/route.ts";
import type { Contract } from "../contract/contract.ts";
import type { LedgerView, LedgerViews } from "../ledger-view.ts";

export type ScreeningAsked = BodyOf<Contract["screen"]>;

export type ScreeningsOptions = {
  readonly views: LedgerViews;
  readonly screenerOf: (view: LedgerView) => Screener;
  readonly audit: ChainedLog;
  readonly answers: SegmentLog;
  readonly software: string;
};

/** So long a batch screens before others are served. */
const sliceMs = 3;
/** So many of a batch are on their way to the log together. */
const sliceItems = 64;

/**
 * Screens, and lets no answer out before the audit log has what it rests on: what was asked, by whom, at which block, by which
 * rules, register and tags, and the digest of the verdict.
 */
export class Screenings {
  readonly #options: ScreeningsOptions;

  constructor(options: ScreeningsOptions) {
    this.#options = options;
  }

  /**
   * One screening, as JSON.
   *
   * @throws {Failure} As `Screener.screen`; `OUTPUT_UNWRITABLE` where the audit log cannot be written.
   */
  async one(asked: ScreeningAsked, caller: string): Promise<string> {
    const made = await this.#options.views.use((view) => this.#screen(view, asked));
    return this.#kept(made, caller);
  }

  /** Many, each as `told` makes it; in slices, so that others are served meanwhile. Ends where nobody listens any more. */
  async *many(
    items: readonly ScreeningAsked[],
    caller: string,
    told: {
      readonly line: (index: number, json: string) => string;
      readonly refused: (index: number, thrown: unknown) => string;
    },
  ): AsyncGenerator<string> {
    for (let next = 0; next < items.length;) {
      const begun = performance.now();
      const slice: Promise<string>[] = [];
      await this.#options.views.use((view) => {
        do {
          const index = next;
          next += 1;
          slice.push(this.#told(view, { asked: items[index] as ScreeningAsked, index, caller }, told));
        } while (next < items.length && slice.length < sliceItems && performance.now() - begun < sliceMs);
      });
      yield (await Promise.all(slice)).join("");
      await setImmediate();
    }
  }

  /** A screening as it was answered; undefined where it is not known, or no more. */
  async get(id: string): Promise<string | undefined> {
    return this.#options.answers.line(id);
  }

  async #told(
    view: LedgerView,
    { asked, index, caller }: { readonly asked: ScreeningAsked; readonly index: number; readonly caller: string },
    told: Parameters<Screenings["many"]>[2],
  ): Promise<string> {
    try {
      const made = this.#screen(view, asked);
      return told.line(index, await this.#kept(made, caller));
    } catch (thrown) {
      // That one of a list is no address says nothing of the others; that the log cannot be written does.
      if (isFailure(thrown, "OUTPUT_UNWRITABLE")) throw thrown;
      return told.refused(index, thrown);
    }
  }

  #screen(view: LedgerView, asked: ScreeningAsked): Made {
    const { subject, ...more } = asked;
    const document = verdictDocument(this.#options.screenerOf(view).screen(askedOf(subject, more)));
    return { asked, document, commit: String(view.commit) };
  }

  async #kept({ asked, document, commit }: Made, caller: string): Promise<string> {
    const { audit, answers, software } = this.#options;
    const verdict = JSON.stringify(document);
    const sha256 = createHash("sha256").update(verdict, "utf8").digest("hex");
    const at = new Date().toISOString();
    const { chain, block, rules, register, tags } = document;
    let text = "";
    let logged: Promise<unknown> = Promise.resolve();
    // Both are written at the same time; only what stands in both is answered.
    await answers.append((id) => {
      logged = audit.append({
        event: "screening",
        at,
        screening: id,
        caller,
        asked,
        chain,
        tip: block === null ? null : { height: block.height, hash: block.hash },
        commit,
        rules,
        register: register.digest,
        tags: tags.digest,
        software,
        verdict: document.verdict,
        sha256,
      });
      logged.catch(() => undefined);
      text = `${JSON.stringify({ id, at, sha256, asked }).slice(0, -1)},"verdict":${verdict}}`;
      return text;
    });
    await logged;
    return text;
  }
}

type Made = { readonly asked: ScreeningAsked; readonly document: VerdictDocument; readonly commit: string };
