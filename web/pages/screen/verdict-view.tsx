import { useEffect, useId, type ReactNode } from "react";
import { chainAlias, chainName } from "../../base/chains.ts";
import { instantText } from "../../base/dates.ts";
import { whole } from "../../base/numbers.ts";
import { useSimulated } from "../../data/ledger.ts";
import type { Screening } from "../../data/screenings.ts";
import { leadingFact, type Fact, type Verdict } from "../../data/verdict.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { SimulatedChip } from "../../parts/chip.tsx";
import { copyText } from "../../parts/copy.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { EvidenceTable, ExposuresTable, type Searched } from "../../parts/exposures.tsx";
import { GapItems } from "../../parts/gaps.tsx";
import { Icon } from "../../parts/icon.tsx";
import { usePageKeys } from "../../parts/keys.ts";
import { useAnnounce } from "../../parts/live.tsx";
import { saveFile } from "../../parts/save.ts";
import { useText } from "../../parts/settings.tsx";
import { Link } from "../../routing/link.tsx";
import { paths, withQuery } from "../../routing/routes.ts";
import { methodText } from "../../text/method-words.ts";
import { screenWords as words } from "../../text/screen-words.ts";
import { shell } from "../../text/shell-words.ts";
import { PathLine } from "./path-line.tsx";
import { notFollowed, reasonText, verdictSentence, verdictText, verdictWord } from "./sentence.ts";

const signs = { flagged: <Icon name="stop" />, clear: "✓", unknown: "?" } as const;

/** A verdict: its word, why, by which rule and path; then all that is known. */
export function VerdictView({ screening: { id, verdict } }: { readonly screening: Screening }): ReactNode {
  const { t, locale } = useText();
  const announce = useAnnounce();
  const isSimulated = useSimulated();
  const word = t(verdictWord(verdict.verdict));
  const sentence = verdictSentence(verdict, { t, locale });
  useEffect(() => announce(`${word}. ${sentence}`), [announce, word, sentence]);
  const copy = async (): Promise<void> =>
    announce(t((await copyText(verdictText(verdict, { t, locale }, isSimulated))) ? shell.copied : shell.copyFailed));
  usePageKeys({ c: () => void copy() });
  return (
    <>
      <Headline verdict={verdict} sentence={sentence} isSimulated={isSimulated}>
        <TraceLink verdict={verdict} />
        <button type="button" onClick={() => void copy()}>
          {t(words.copyText)}
        </button>
        <button type="button" onClick={() => saveFile(`screening-${id}.json`, jsonOf(verdict))}>
          {t(words.json)}
        </button>
        <Link className="button" to={paths.screening(id)}>
          {t(words.permanent)}
        </Link>
      </Headline>
      <Gaps verdict={verdict} />
      <ExposuresTable facts={verdict.facts} searched={searchedOf(verdict)} />
      <EvidenceTable facts={verdict.facts} parties={verdict.parties} />
      <Methods verdict={verdict} />
      <NotFollowed verdict={verdict} />
    </>
  );
}

type HeadlineProps = {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly isSimulated: boolean;
  readonly children: ReactNode;
};

function Headline({ verdict, sentence, isSimulated, children }: HeadlineProps): ReactNode {
  const { t, locale } = useText();
  const id = useId();
  const { verdict: kind, level, matches, block, rules } = verdict;
  const shown = shownPath(verdict);
  const levels = { low: words.levelLow, medium: words.levelMedium, high: words.levelHigh } as const;
  return (
    <section className={`verdict ${kind}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>
          <span aria-hidden="true" className="sign">
            {signs[kind]}
          </span>
          {t(verdictWord(kind))}
          {level === null ? undefined : <span className="level">{`${t(words.level)}: ${t(levels[level])}`}</span>}
          {isSimulated ? <SimulatedChip /> : undefined}
        </h2>
        <div className="actions">{children}</div>
      </header>
      <p className="says">{sentence}</p>
      <Subject verdict={verdict} />
      {shown === undefined ? undefined : <PathLine verdict={verdict} fact={shown} />}
      {matches.length === 0 ? undefined : (
        <ul className="matches" aria-label={t(words.rulesHold)}>
          {matches.map((match) => (
            <li key={match.rule}>
              <strong>{match.rule}</strong> ({t(levels[match.level])}) {reasonText(match, locale)}
            </li>
          ))}
        </ul>
      )}
      <p className="caption">
        {block === null
          ? t(words.asOfNone)
          : t(words.asOf, { block: whole(block.height), time: instantText(block.time, locale) })}
        {" · "}
        {t(words.rulesOf, { name: rules.name, version: rules.version })}
      </p>
    </section>
  );
}

/** Whose path is shown: of the leading fact, else of another that a rule holds of. */
function shownPath(verdict: Verdict): Fact | undefined {
  const lead = leadingFact(verdict);
  const matched = verdict.matches.flatMap(({ facts }) => facts.flatMap((place) => verdict.facts[place] ?? []));
  return [...(lead === undefined ? [] : [lead]), ...matched].find(({ path }) => path.length > 0);
}

function Subject({ verdict: { subject, chain } }: { readonly verdict: Verdict }): ReactNode {
  const { text, kind } = subject;
  if (chain === null) return <p className="id whole">{text}</p>;
  const alias = chainAlias(chain);
  return (
    <p className="subject">
      {kind === "address" ? (
        <Address chain={alias} address={text} whole="whole" />
      ) : (
        <Txid chain={alias} txid={text} whole="whole" />
      )}{" "}
      <span className="caption">{chainName(chain)}</span>
    </p>
  );
}

function TraceLink({ verdict: { subject, chain } }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useText();
  if (chain === null) return undefined;
  const alias = chainAlias(chain);
  // Where it came from: what is screened is looked at from its end; of a transaction that is all that it pays, or what was asked.
  const origin = subject.to?.includes(":") === true ? subject.to : subject.text;
  const asked = {
    ...(subject.kind === "address" ? { address: subject.text } : { origin }),
    chain: alias,
    backward: "on",
  };
  return (
    <Link className="button" to={withQuery("/trace", asked)}>
      {t(words.trace)}
    </Link>
  );
}

/** What is not known: of a flagged verdict beside it, of an unknown one the reason. */
function Gaps({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useText();
  const { accepted } = verdict;
  // The first thing that is missing for an unknown verdict is its sentence.
  const missing = verdict.verdict === "unknown" ? verdict.missing.slice(1) : verdict.missing;
  if (missing.length + accepted.length === 0) return undefined;
  return (
    <div className="notice unknown">
      {missing.length === 0 ? undefined : (
        <>
          <h2>{t(words.alsoMissing)}</h2>
          <GapItems gaps={missing} />
        </>
      )}
      {accepted.length === 0 ? undefined : (
        <>
          <h2>{t(words.accepted)}</h2>
          <GapItems gaps={accepted} />
        </>
      )}
    </div>
  );
}

function Methods({ verdict: { methods } }: { readonly verdict: Verdict }): ReactNode {
  const { t, locale } = useText();
  if (methods.length === 0) return undefined;
  return (
    <Panel title={t(words.methods)}>
      <ul>
        {methods.map((method) => (
          <li key={method.name}>
            <strong>{method.name}</strong>: {methodText(method, locale)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What no verdict on this chain covers, folded: it is the same for every subject. */
function NotFollowed({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useText();
  return notFollowed(verdict).map((ids) => (
    <details key="ids" className="caption">
      <summary>{t(words.notFollowed, { n: ids.length })}</summary>
      <p>{ids.join(", ")}</p>
    </details>
  ));
}

function searchedOf({ checked, block, missing, accepted }: Verdict): Searched {
  return { followed: checked.origins, block, missing: [...missing, ...accepted], isToldElsewhere: true };
}

/** The verdict's own document. */
function jsonOf(verdict: Verdict): Blob {
  return new Blob([`${JSON.stringify(verdict, null, 2)}\n`], { type: "application/json" });
}
