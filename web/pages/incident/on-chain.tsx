import { useState, type ReactNode } from "react";
import { shortenAll } from "../../base/shorten.ts";
import { useLedger } from "../../data/ledger.ts";
import type { Incident } from "../../data/register-types.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { useText } from "../../parts/settings.tsx";
import { Link } from "../../routing/link.tsx";
import { withQuery } from "../../routing/routes.ts";
import { words } from "./words.ts";

/** So many stand there at first. */
const shownMax = 50;

/** What became of the funds: whether there is anything to follow, and where to follow it. */
export function Flow({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const ledger = useLedger();
  const chains = [...new Set(incident.chain.theft.map(chainOf))];
  const [chain = ""] = chains;
  const held =
    "value" in ledger
      ? ledger.value.chains.filter(({ alias, chain: id }) => chains.includes(alias) || chains.includes(id))
      : [];
  return (
    <Panel title={t(words.flow)}>
      {chains.length === 0 ? (
        <p className="quiet">{t(words.flowNone)}</p>
      ) : held.length > 0 ? (
        <p>
          {t(words.flowOffer, { chain: held.map(({ alias }) => alias).join(", ") })}{" "}
          <Link to={withQuery("/trace", { incident: incident.id })}>{t(words.traceIt)}</Link>
        </p>
      ) : ledger.state === "failed" ? (
        <p>
          {t(words.flowNoLedger, { chain })} <Link to="/ledger">{t(words.traceIt)}</Link>
        </p>
      ) : ledger.state === "loading" ? undefined : (
        <p>{t(words.flowNotLoaded, { chain })}</p>
      )}
    </Panel>
  );
}

/** The theft's transactions and addresses. */
export function OnChain({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const { theft, thief, victim } = incident.chain;
  const shortened = shortenAll([...thief, ...victim].map(rest));
  return (
    <Panel title={t(words.onChain)}>
      <div className="sides three">
        <Identifiers title={t(words.theftTransactions)} ids={theft}>
          {(id) => <Txid chain={chainOf(id)} txid={rest(id)} />}
        </Identifiers>
        <Identifiers title={t(words.thief)} ids={thief}>
          {(id) => <Address chain={chainOf(id)} address={rest(id)} shortened={shortened.get(rest(id))} />}
        </Identifiers>
        <Identifiers title={t(words.robbed)} ids={victim}>
          {(id) => <Address chain={chainOf(id)} address={rest(id)} shortened={shortened.get(rest(id))} />}
        </Identifiers>
      </div>
    </Panel>
  );
}

type IdentifiersProps = {
  readonly title: string;
  readonly ids: readonly string[];
  readonly children: (id: string) => ReactNode;
};

function Identifiers({ title, ids, children }: IdentifiersProps): ReactNode {
  const { t } = useText();
  const [isWhole, setWhole] = useState(false);
  if (ids.length === 0) return undefined;
  return (
    <section>
      <h3>
        {title} <span className="quiet">{ids.length}</span>
      </h3>
      <ul className="plain">
        {(isWhole ? ids : ids.slice(0, shownMax)).map((id) => (
          <li key={id}>
            <span className="quiet chain">{chainOf(id)}</span> {children(id)}
          </li>
        ))}
      </ul>
      {ids.length > shownMax && !isWhole ? (
        <button type="button" onClick={() => setWhole(true)}>
          {t(words.showAll, { n: ids.length })}
        </button>
      ) : undefined}
    </section>
  );
}

/** The register writes `chain:address`, the chain an alias or a CAIP-2 id, which has a colon itself. */
function chainOf(id: string): string {
  return id.slice(0, id.lastIndexOf(":"));
}

function rest(id: string): string {
  return id.slice(id.lastIndexOf(":") + 1);
}
