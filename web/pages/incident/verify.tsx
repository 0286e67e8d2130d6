import { useEffect, useRef, type ReactNode } from "react";
import { subtractUsd } from "../../../src/base/usd.ts";
import { chainName } from "../../base/chains.ts";
import { decimal, whole } from "../../base/numbers.ts";
import { headlineUsd, parseUsd } from "../../base/usd.ts";
import { standingOf, useVerification, type Standing, type Verification } from "../../data/verification.ts";
import { Chip, type ChipKind } from "../../parts/chip.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useAnnounce } from "../../parts/live.tsx";
import { useText } from "../../parts/settings.tsx";
import { English } from "../../parts/sources.tsx";
import { ErrorState, Loading, StaleBar } from "../../parts/states.tsx";
import type { Text } from "../../text/text.ts";
import { VerifiedAssets, VerifiedTransactions } from "./verified-tables.tsx";
import { words } from "./verify-words.ts";

const standings: Readonly<Record<Standing, readonly [kind: ChipKind, name: Text, why: Text]>> = {
  agrees: ["plain", words.agrees, words.agreesWhy],
  differs: ["unknown", words.differs, words.differsWhy],
  partly: ["unknown", words.partly, words.partlyWhy],
  uncompared: ["plain", words.uncompared, words.uncomparedWhy],
  unseen: ["unknown", words.unseen, words.unseenWhy],
};

/** What the theft's transactions really took, beside what the register says: asked when it is wanted. */
export function Verify({ id }: { readonly id: string }): ReactNode {
  const { t } = useText();
  const asked = useVerification(id);
  const announce = useAnnounce();
  const element = useRef<HTMLDivElement>(null);
  // Whoever pressed the button is led to what came of it.
  useEffect(() => element.current?.focus(), []);
  const standing = "value" in asked ? standings[standingOf(asked.value)] : undefined;
  const said = standing === undefined ? undefined : `${t(standing[1])}. ${t(standing[2])}`;
  useEffect(() => {
    if (said !== undefined) announce(said);
  }, [said, announce]);
  const isWithout = asked.state === "failed" && asked.error.kind === "problem" && asked.error.code === "NOT_FOUND";
  return (
    <div ref={element} tabIndex={-1} className="verified">
      <Panel title={t(words.title)}>
        {asked.state === "loading" ? (
          <>
            <p className="quiet">{t(words.checking)}</p>
            <Loading rows={6} />
          </>
        ) : isWithout ? (
          <p>{t(words.noLedger)}</p>
        ) : asked.state === "failed" ? (
          <ErrorState error={asked.error} retry={asked.retry} />
        ) : (
          <>
            <StaleBar asked={asked} />
            <Shown verification={asked.value} />
          </>
        )}
      </Panel>
    </div>
  );
}

function Shown({ verification }: { readonly verification: Verification }): ReactNode {
  const { t } = useText();
  const standing = standingOf(verification);
  const [kind, name, why] = standings[standing];
  return (
    <>
      <p className="lead">
        <Chip kind={kind}>{t(name)}</Chip> {t(why)}
      </p>
      {standing === "unseen" ? undefined : <Worth verification={verification} />}
      {verification.assets.length === 0 ? undefined : <VerifiedAssets verification={verification} />}
      <Gaps verification={verification} />
      {standing === "unseen" ? undefined : <VerifiedTransactions verification={verification} />}
    </>
  );
}

/** What it was worth, beside the register's value; unknown is said, and never 0. */
function Worth({ verification }: { readonly verification: Verification }): ReactNode {
  const { t, locale } = useText();
  const { usd, registered, complete } = verification;
  if (usd === null) return <p className="limit">{t(words.worthUnknown)}</p>;
  const own = parseUsd(usd);
  const worth = t(complete ? words.worth : words.worthLeast, { usd: headlineUsd(own, locale) });
  if (registered === null) return <p>{[worth, t(words.unregistered)].join(" · ")}</p>;
  const told = parseUsd(registered.usd);
  const difference = subtractUsd(own, told);
  const text = `${difference > 0n ? "+" : ""}${headlineUsd(difference, locale).replace(/^-/u, "−")}`;
  return (
    <p>
      {worth} · {t(words.registered, { usd: headlineUsd(told, locale), difference: text })}{" "}
      <span className="quiet">
        <English>{registered.basis}</English>
      </span>
    </p>
  );
}

const reasons: ReadonlyMap<string, Text> = new Map(
  [words.symbolOnly, words.valueOnly, words.notMoved, words.notLooked].map((text) => [text[0], text]),
);

/** What could not be looked at, each with its reason. */
function Gaps({ verification }: { readonly verification: Verification }): ReactNode {
  const { t } = useText();
  const { chains, elsewhere, unseen } = verification;
  const lines = [
    ...chains.flatMap(({ chain, tip, missing }) =>
      missing.length === 0
        ? []
        : [
            t(words.missing, {
              chain: chainName(chain),
              height: whole(tip?.height ?? 0),
              which: someOf(missing),
            }),
          ],
    ),
    ...elsewhere.map(({ chain, transactions }) =>
      t(words.elsewhere, { chain: chainName(chain), which: someOf(transactions) }),
    ),
    ...chains.flatMap(({ chain, internalUnknown: n }) =>
      n === 0 ? [] : [t(words.internal, { chain: chainName(chain), n: whole(n) })],
    ),
    // Of transactions that are not there nothing is to be seen.
    ...(standingOf(verification) === "unseen" ? [] : unseen).map(({ stolen, why }) => {
      const reason = reasons.get(why);
      const what = stolen.replace(/^[0-9]+(?:\.[0-9]+)?/u, decimal);
      return t(words.notShown, { what: `${what} (${reason === undefined ? why : t(reason)})` });
    }),
  ];
  return lines.map((line) => (
    <p key={line} className="limit">
      {line}
    </p>
  ));
}

/** The first three of them, whole, and how many more there are. */
function someOf(txids: readonly string[]): string {
  const left = txids.length - 3;
  return `${txids.slice(0, 3).join(", ")}${left > 0 ? ` … +${whole(left)}` : ""}`;
}
