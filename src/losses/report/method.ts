import type { Losses } from "../losses.ts";
import type { CountryRule, ValueKind } from "../selection.ts";
import { html, type Html } from "./html.ts";

/** How the figures are made, and how to make them again. */
export function method(losses: Losses): Html {
  const { selection } = losses;
  return html`<section id="method" aria-labelledby="method-title">
    <h2 id="method-title">Method</h2>
    <dl class="method">
      <dt>Central value</dt>
      <dd>
        The sum of the thefts whose attribution is at least as sure as
        asked${
          selection.confidence === undefined
            ? " (here every theft, attributed or not)"
            : ` (here: ${selection.confidence})`
        },
        each at the first value that the register gives it. Values are ${valueWords[selection.value]}.
      </dd>
      <dt>Low</dt>
      <dd>
        ${
          selection.confidence === undefined
            ? "The same thefts, each at its lowest published value."
            : `Only thefts attributed with confidence ${selection.confidence === "confirmed" ? "confirmed" : "high or above"}, each at its lowest published value.`
        }
      </dd>
      <dt>High</dt>
      <dd>
        ${
          selection.confidence === undefined
            ? "The same thefts, each at its highest published value."
            : "Every theft attributed at all, also less surely than asked, each at its highest published value. Thefts that only this end counts are marked “range only”."
        }
      </dd>
      <dt>Unknown</dt>
      <dd>
        Nobody on record says. It is never taken as nothing: a theft without a known value is counted as a theft, left
        out of the sum, and the sum is marked “≥”. A victim whose country is not established has a row of its own.
      </dd>
      <dt>Country</dt>
      <dd>
        ${countryWords[selection.countryRule]} Where the three rules (published, operated, legal seat) place a victim in
        different countries, its row says so. The map and the bars always go by country.
      </dd>
      <dt>Recovered, net</dt>
      <dd>
        What came back, in the money of the figure: where one asset was stolen and came back, its part of the loss; else
        the published dollars, never more than the loss. Net is the central value less that; “0.0” recovered means that
        no recovery is on record.
      </dd>
      <dt>Time</dt>
      <dd>
        A theft counts in the year in which it happened (the first, where the date is a span), and only if all of its
        possible dates lie within the period. Dates are UTC.
      </dd>
      <dt>Arithmetic</dt>
      <dd>
        Whole cents; only what is shown is rounded, so shown figures may differ from their shown sum in the last digit.
      </dd>
      <dt>Register</dt>
      <dd>
        SHA-256 <code>${losses.registerDigest}</code>. The same register and the same command give this file again, byte
        for byte.
      </dd>
      <dt>Command</dt>
      <dd><code>${commandLine(losses)}</code></dd>
    </dl>
  </section> `;
}

const valueWords: Readonly<Record<ValueKind, string>> = {
  theft: "those published for the time of the theft",
  disclosed: "those published when the theft became known",
  now: "the stolen amounts at the newest known prices",
};

const countryWords: Readonly<Record<CountryRule, string>> = {
  published: "The country under which a published study counts the victim; without one, where it was operated from.",
  operator: "The country from which the victim was operated.",
  seat: "The country of the victim's legal seat.",
};

/** The command that writes this report. */
export function commandLine({ selection, by }: Losses): string {
  const { actor, from, to, value, confidence, countryRule, technique } = selection;
  const options: readonly (readonly [string, string | undefined])[] = [
    ["actor", actor ?? "all"],
    ["from", from],
    ["to", to],
    ["by", by],
    ["value", value],
    ["country-rule", countryRule],
    ["confidence", confidence],
    ["technique", technique],
    ["format", "html"],
    ["out", "losses.html"],
  ];
  const words = options.flatMap(([name, text]) => (text === undefined ? [] : [`--${name} ${text}`]));
  return ["fundtrail losses", ...words].join(" ");
}
