import { useState, type ReactNode } from "react";
import { shortenAll } from "../../base/shorten.ts";
import { chainOf, restOf, type Incident } from "../../data/register-types.ts";
import { Address, Txid } from "../../parts/address.tsx";
import { Panel } from "../../parts/dialog.tsx";
import { usePrinting } from "../../parts/printing.ts";
import { useText } from "../../parts/settings.tsx";
import { words } from "./words.ts";

/** So many stand there at first. */
const shownMax = 50;

/** The theft's transactions and addresses. */
export function OnChain({ incident }: { readonly incident: Incident }): ReactNode {
  const { t } = useText();
  const { theft, thief, victim } = incident.chain;
  const shortened = shortenAll([...thief, ...victim].map(restOf));
  return (
    <Panel title={t(words.onChain)}>
      <div className="sides three">
        <Identifiers title={t(words.theftTransactions)} ids={theft}>
          {(id) => <Txid chain={chainOf(id)} txid={restOf(id)} />}
        </Identifiers>
        <Identifiers title={t(words.thief)} ids={thief}>
          {(id) => <Address chain={chainOf(id)} address={restOf(id)} shortened={shortened.get(restOf(id))} />}
        </Identifiers>
        <Identifiers title={t(words.robbed)} ids={victim}>
          {(id) => <Address chain={chainOf(id)} address={restOf(id)} shortened={shortened.get(restOf(id))} />}
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
  const [isOpened, setOpened] = useState(false);
  const isWhole = usePrinting() || isOpened;
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
        <button type="button" onClick={() => setOpened(true)}>
          {t(words.showAll, { n: ids.length })}
        </button>
      ) : undefined}
    </section>
  );
}
