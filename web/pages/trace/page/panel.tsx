import { useEffect, useRef, type ReactNode, type RefObject } from "react";
import { instantText } from "../../../base/dates.ts";
import type { Usd } from "../../../../src/base/usd.ts";
import { percent, whole } from "../../../base/numbers.ts";
import { exactUsd } from "../../../base/usd.ts";
import { Address, Txid } from "../../../parts/address.tsx";
import { Chip, UnknownChip } from "../../../parts/chip.tsx";
import { Panel } from "../../../parts/dialog.tsx";
import { useText } from "../../../parts/settings.tsx";
import { Link } from "../../../routing/link.tsx";
import { withQuery } from "../../../routing/routes.ts";
import { confidenceTexts } from "../../../text/register-words.ts";
import type { View, ViewEdge, ViewNode } from "../group/view.ts";
import { noteLength } from "../keep/work.ts";
import { amountText, symbolOf } from "../model/asset-text.ts";
import { dollarsOf, type AssetSum } from "../model/flow.ts";
import { isoOf, type Names } from "../model/names.ts";
import type { NodeRange } from "../model/ranges.ts";
import type { Followed } from "../state/use-path.ts";
import { words } from "../words.ts";
import type { Actions } from "./desk.ts";
import { PathPart } from "./path-part.tsx";

export type PanelProps = {
  readonly chain: string;
  readonly view: View;
  readonly names: Names;
  readonly selected: string | undefined;
  readonly ranges: ReadonlyMap<number, NodeRange>;
  readonly rangeText: (range: NodeRange) => string;
  readonly followed: Followed | "none" | undefined;
  readonly followedId: string | undefined;
  readonly notes: Readonly<Record<string, string>>;
  readonly grouped: readonly string[];
  readonly actions: Actions;
  readonly noteRef: RefObject<HTMLTextAreaElement | null>;
};

const edgesShown = 12;
const endsShown = 15;
const partsShown = 20;

/** What is selected: who and what it is, what came and went, what can be done with it. */
export function SelectionPanel(props: PanelProps): ReactNode {
  const { t } = useText();
  const { view, selected } = props;
  const node = selected === undefined ? undefined : view.nodes.find(({ id }) => id === selected);
  const edge = node !== undefined || selected === undefined ? undefined : view.edges.find(({ id }) => id === selected);
  return (
    <aside className="trace-panel" aria-label={t(words.selection)}>
      {node !== undefined ? (
        <NodePart {...props} node={node} />
      ) : edge !== undefined ? (
        <EdgePart {...props} edge={edge} />
      ) : (
        <Destinations {...props} />
      )}
    </aside>
  );
}

/** Where value ended, the largest first: what one asks before anything is selected. */
function Destinations({ view, names, ranges, rangeText, actions }: PanelProps): ReactNode {
  const { t } = useText();
  const ends = view.nodes
    .map((node, place) => ({ node, place }))
    .filter(({ node }) => node.endsPart > 0 || restsUnknown(node))
    .toSorted((left, right) => right.node.endsPart - left.node.endsPart || left.place - right.place);
  return (
    <Panel title={t(words.destinations)}>
      <ul className="plain trace-movements">
        {ends.slice(0, endsShown).map(({ node, place }) => {
          const range = ranges.get(place);
          return (
            <li key={node.id}>
              <button type="button" className="link" onClick={() => actions.select(node.id)}>
                {names.node(node)}
              </button>
              <span className="figure">
                {node.exits.length === 0 && restsUnknown(node) ? (
                  <UnknownChip />
                ) : (
                  names.sums(node.exits.length > 0 ? node.exits : node.rests)
                )}
                {range === undefined || range.isSame ? undefined : <span className="quiet"> ({rangeText(range)})</span>}
                <span className="trace-endkind">{t(node.exits.length > 0 ? words.kindExit : words.kindHolding)}</span>
              </span>
            </li>
          );
        })}
      </ul>
      {ends.length > endsShown ? (
        <p className="caption">{t(words.moreMovements, { n: ends.length - endsShown })}</p>
      ) : undefined}
      <p className="caption">{t(words.nothingSelected)}</p>
    </Panel>
  );
}

/** Whether value rests there that has no amount, as of accounts under `poison`. */
function restsUnknown({ rests, resting }: ViewNode): boolean {
  return resting > 0 && rests.length === 0;
}

function NodePart(props: PanelProps & { readonly node: ViewNode }): ReactNode {
  const { t, locale } = useText();
  const { node, names, view, ranges, rangeText } = props;
  const place = view.nodes.indexOf(node);
  const range = ranges.get(place);
  const time = (seconds: number): string => instantText(isoOf(seconds), locale);
  return (
    <Panel title={names.node(node)} aside={<Badges node={node} hasNote={props.notes[node.id] !== undefined} />}>
      <Identity {...props} />
      <NodeActions {...props} />
      <dl className="pairs">
        <Sums title={t(words.received)} sums={node.received} />
        <Sums title={t(words.paid)} sums={node.paid} />
        <Sums title={t(words.rests)} sums={node.rests} />
        {restsUnknown(node) ? (
          <Pair title={t(words.rests)}>
            <UnknownChip />
          </Pair>
        ) : undefined}
        <Sums title={t(words.ended)} sums={node.exits} />
        {range === undefined ? undefined : (
          <Pair title={t(words.range)}>
            {rangeText(range)}
            {range.reachedBy < range.policies ? (
              <span className="quiet"> {t(words.inAllPolicies, { n: range.reachedBy, total: range.policies })}</span>
            ) : undefined}
          </Pair>
        )}
        <Pair title={t(words.taintedShare)}>{node.share === undefined ? <UnknownChip /> : percent(node.share)}</Pair>
        <Pair title={t(words.hops)}>{whole(node.hop)}</Pair>
        <Pair title={t(words.first)}>{time(node.first)}</Pair>
        <Pair title={t(words.last)}>{time(node.last)}</Pair>
      </dl>
      <PathPart {...props} />
      <Note {...props} />
      <Movements {...props} place={place} />
    </Panel>
  );
}

function Badges({ node, hasNote }: { readonly node: ViewNode; readonly hasNote: boolean }): ReactNode {
  const { t } = useText();
  const { main } = node;
  const kind = node.isOrigin
    ? words.nodeOrigin
    : main.isHub
      ? words.hub
      : main.exit !== undefined
        ? words.nodeService
        : kindWords[main.kind];
  return (
    <span className="trace-badges">
      <Chip>{t(node.kind === "single" || node.kind === "entity" ? kind : words.nodeGroup)}</Chip>
      {node.isSanctioned ? <Chip kind="flagged">{t(words.sanctioned)}</Chip> : undefined}
      {hasNote ? <Chip>✎ {t(words.noted)}</Chip> : undefined}
    </span>
  );
}

const kindWords = {
  address: words.nodeAddress,
  transaction: words.nodeTransaction,
  output: words.nodeOutput,
  mint: words.nodeMint,
  fee: words.nodeTransaction,
  group: words.nodeGroup,
  swap: words.nodeSwap,
} as const;

/** The whole address or id, and who is there by whose word. */
function Identity({ node, chain }: PanelProps & { readonly node: ViewNode }): ReactNode {
  const { t } = useText();
  const { main, count } = node;
  const tag = main.tags[0];
  const isOne = count === 1 || node.kind === "collapsed";
  return (
    <div className="trace-identity">
      {!isOne ? undefined : main.kind === "transaction" ? (
        <Txid chain={chain} txid={main.label} whole="whole" />
      ) : main.kind === "address" ? (
        <Address chain={chain} address={main.label} whole="whole" />
      ) : main.kind === "output" ? (
        <Txid chain={chain} txid={main.label.split(":")[0] ?? ""} whole="whole" />
      ) : undefined}
      {tag !== undefined ? (
        <p>
          {t(words.whoTag, {
            entity: tag.entity,
            category: tag.category ?? "–",
            confidence: t(confidenceTexts[tag.confidence] ?? words.kind),
          })}{" "}
          {tag.isDisputed ? <Chip kind="unknown">{t(words.disputed)}</Chip> : undefined}
        </p>
      ) : main.exit !== undefined ? (
        <p>
          {main.exit.entity} ({main.exit.category})
        </p>
      ) : main.kind === "address" ? (
        <p className="quiet">{t(words.noTag)}</p>
      ) : main.kind === "group" ? (
        <p className="quiet">{t(words.gatheredHint)}</p>
      ) : undefined}
      {main.kind === "address" && isOne ? (
        <p>
          <Link to={withQuery("/screen", { q: main.label, chain })}>{t(words.screenIt)}</Link>
        </p>
      ) : undefined}
    </div>
  );
}

function NodeActions({ node, actions, grouped, followedId }: PanelProps & { readonly node: ViewNode }): ReactNode {
  const { t } = useText();
  const { id, kind } = node;
  const canExpand = kind !== "single" || grouped.includes(id);
  const canEnd = node.resting > 0 || node.exits.length > 0;
  return (
    <div className="trace-actions">
      <button type="button" disabled={!canExpand} onClick={() => actions.expand(id)}>
        {t(words.expand)} <kbd>E</kbd>
      </button>
      <button type="button" disabled={node.paid.length === 0} onClick={() => actions.collapse(id)}>
        {t(words.collapse)} <kbd>C</kbd>
      </button>
      <button type="button" disabled={node.paid.length === 0} onClick={() => actions.group(id)}>
        {t(grouped.includes(id) ? words.ungroupFan : words.groupFanAction)} <kbd>G</kbd>
      </button>
      <button type="button" disabled={!canEnd && followedId !== id} onClick={() => actions.path(id)}>
        {t(followedId === id ? words.leavePath : words.followPath)} <kbd>P</kbd>
      </button>
    </div>
  );
}

function Note({ node, notes, actions, noteRef }: PanelProps & { readonly node: ViewNode }): ReactNode {
  const { t } = useText();
  const kept = notes[node.id] ?? "";
  const written = useRef(kept);
  // Another node's note, or one that was taken back, is shown; what is being typed is not overwritten.
  useEffect(() => {
    const field = noteRef.current;
    if (field !== null && document.activeElement !== field) field.value = kept;
    written.current = kept;
  }, [noteRef, kept]);
  return (
    <label className="trace-note">
      <span>
        {t(words.note)} <kbd>N</kbd>
      </span>
      <textarea
        key={node.id}
        ref={noteRef}
        rows={2}
        defaultValue={kept}
        maxLength={noteLength}
        placeholder={t(words.noteHint)}
        onKeyDown={(event) => {
          // Back to where the key was pressed that led here.
          if (event.key === "Escape")
            document.querySelector<HTMLElement>('.trace-canvas, .trace-row[tabindex="0"]')?.focus();
        }}
        onBlur={(event) => {
          if (event.currentTarget.value !== written.current) actions.note(node.id, event.currentTarget.value);
        }}
      />
    </label>
  );
}

function Movements({ view, place, names, actions }: PanelProps & { readonly place: number }): ReactNode {
  const { t } = useText();
  const own = view.edges
    .filter(({ source, target }) => source === place || target === place)
    .toSorted((left, right) => right.weight - left.weight);
  if (own.length === 0) return undefined;
  return (
    <section>
      <h3>{t(words.movements)}</h3>
      <ul className="plain trace-movements">
        {own.slice(0, edgesShown).map((edge) => {
          const isOut = edge.source === place;
          const other = view.nodes[isOut ? edge.target : edge.source];
          return (
            <li key={edge.id}>
              <button type="button" className="link" onClick={() => actions.select(edge.id)}>
                {isOut ? "→" : "←"} {other === undefined ? "" : names.node(other)}
              </button>
              <span className="figure">{names.sums(edge.sums)}</span>
            </li>
          );
        })}
      </ul>
      {own.length > edgesShown ? (
        <p className="caption">{t(words.moreMovements, { n: own.length - edgesShown })}</p>
      ) : undefined}
    </section>
  );
}

function EdgePart({ edge, view, names, chain, actions }: PanelProps & { readonly edge: ViewEdge }): ReactNode {
  const { t, locale } = useText();
  const [from, to] = [view.nodes[edge.source], view.nodes[edge.target]];
  const end = (node: ViewNode | undefined): ReactNode =>
    node === undefined ? undefined : (
      <button type="button" className="link" onClick={() => actions.select(node.id)}>
        {names.node(node)}
      </button>
    );
  return (
    <Panel title={t(edge.parts.length === 1 ? words.kindPayment : words.kindSeveral, { n: edge.parts.length })}>
      <dl className="pairs">
        <Pair title={t(words.from)}>{end(from)}</Pair>
        <Pair title={t(words.to)}>{end(to)}</Pair>
        <Sums title={t(words.tainted)} sums={edge.sums} />
        <Pair title={t(words.taintedShare)}>{edge.share === undefined ? <UnknownChip /> : percent(edge.share)}</Pair>
      </dl>
      <h3>{t(words.evidence)}</h3>
      <ul className="plain trace-movements">
        {edge.parts.slice(0, partsShown).map((part) => (
          <li key={part.id}>
            <span>
              {instantText(isoOf(part.time), locale)}{" "}
              {part.txid === undefined ? (
                t(words.kindSeveral, { n: part.count })
              ) : (
                <Txid chain={chain} txid={part.txid} />
              )}
            </span>
            <span className="figure">
              {amountText(part.asset, part.amount)} {symbolOf(part.asset)}
            </span>
          </li>
        ))}
      </ul>
      {edge.parts.length > partsShown ? (
        <p className="caption">{t(words.moreMovements, { n: edge.parts.length - partsShown })}</p>
      ) : undefined}
    </Panel>
  );
}

function Sums({ title, sums }: { readonly title: string; readonly sums: readonly AssetSum[] }): ReactNode {
  const { t } = useText();
  if (sums.length === 0) return undefined;
  const { isUnknown } = dollarsOf(sums);
  return (
    <Pair title={title}>
      {sums.map((sum) => (
        <div key={sum.asset} className="figure">
          {amountText(sum.asset, sum.amount)} {symbolOf(sum.asset)}
        </div>
      ))}
      <div className="quiet">{isUnknown ? <UnknownChip /> : <UsdOf sums={sums} title={t(words.atTheft)} />}</div>
    </Pair>
  );
}

function UsdOf({ sums, title }: { readonly sums: readonly AssetSum[]; readonly title: string }): ReactNode {
  const { locale, t } = useText();
  const { cents, isPartial } = dollarsOf(sums);
  const text = exactUsd(cents as Usd, locale);
  return <span title={title}>{isPartial ? `${t(words.partly)} ${text}` : text}</span>;
}

function Pair({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="pair">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
