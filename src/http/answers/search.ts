import { isFailure } from "../../base/failure.ts";
import { parseAddress, parseTxid } from "../../chains/address.ts";
import { accountByText, addressOf, ownerIfAny, transactionIfAny, txidOf } from "../../clusters/owners.ts";
import { firstNotBelow } from "../../clusters/search.ts";
import type { Register } from "../../incidents/register.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { blocksShape } from "../../ledger/shapes.ts";
import { findReferences } from "../../trace/origin.ts";
import type { Contract } from "../contract/contract.ts";
import type { AnswerOf } from "../contract/route.ts";
import type { searchRoutes } from "../contract/search.ts";
import { EntityNames, type NamedEntity } from "../entity-names.ts";
import type { Handlers } from "../handling.ts";
import type { LedgerView, LedgerViews } from "../ledger-view.ts";

type SearchAnswer = AnswerOf<Contract["search"]>;
type Hit = SearchAnswer["hits"][number];
type Notes = string[];

/** What is searched: the register, and where there is one a ledger with the names in its tags. */
export type Searched = {
  readonly register: Register;
  readonly view: LedgerView | undefined;
  readonly entities: readonly NamedEntity[];
};

/** What finds things by what is typed. */
export function searchHandlers(
  views: LedgerViews | undefined,
  register: Register,
): Handlers<keyof typeof searchRoutes> {
  const names = new EntityNames();
  return {
    search: async ({ query }) => {
      if (views === undefined) return searchAnswer({ register, view: undefined, entities: [] }, query);
      return views.use(async (view) => {
        const entities = view.tags === undefined ? [] : await names.of(view.tags, view.tagsRevision);
        return searchAnswer({ register, view, entities }, query);
      });
    },
  };
}

/** What a text names, and what is like it: the same text, register and ledger give the same answer. */
export function searchAnswer(
  { register, view, entities }: Searched,
  asked: { readonly q: string; readonly limit: number },
): SearchAnswer {
  const q = asked.q.trim();
  const notes: Notes = [];
  const chains = view?.chains ?? [];
  const hits =
    q === ""
      ? []
      : [
          ...seenBefore(chains.flatMap((reader) => addressHits(reader, q, notes))),
          ...chains.flatMap((reader) => transactionHits(reader, q, notes)),
          ...chains.flatMap((reader) => rowHits(reader, q)),
          ...chains.flatMap((reader) => blockHits(reader, q)),
          ...incidentHits(register, q),
          ...actorHits(register, q),
          ...entityHits(entities, q),
        ];
  const exact = hits.filter(({ isExact }) => isExact);
  const ordered = [...exact, ...hits.filter(({ isExact }) => !isExact)];
  const [only, ...others] = exact;
  return {
    q,
    exact: only !== undefined && others.length === 0 ? only : null,
    hits: ordered.slice(0, asked.limit),
    more: ordered.length > asked.limit,
    notes: hits.length === 0 ? [...new Set(notes)].slice(0, 5) : [],
  };
}

/** Where an address is seen on some chain, the chains that have not seen it say nothing. */
function seenBefore(hits: readonly Hit[]): readonly Hit[] {
  const seen = hits.filter((hit) => hit.seen === true);
  return seen.length > 0 ? seen : hits;
}

const looksLikeAddress =
  /^(?:0x[0-9a-f]{38,42}|[a-z]{1,10}1[a-z0-9]{8,90}|[1-9A-HJ-NP-Za-km-z]{25,60}|(?:bitcoincash|ecash):[a-z0-9]{30,60})$/iu;

function addressHits(reader: ChainReader, q: string, notes: Notes): readonly Hit[] {
  const { chain } = reader;
  const hit = (address: string, seen: boolean): Hit => ({
    kind: "address",
    id: address,
    label: address,
    chain: chain.id,
    path: pathOf(["chains", chain.id, "addresses", address]),
    isExact: true,
    seen,
  });
  try {
    const owner = ownerIfAny(reader, q);
    if (owner !== undefined) return [hit(addressOf(reader, owner), true)];
    // A ledger may have been made of names that are no addresses.
    if (reader.model === "account" && accountByText(reader, q) !== undefined) return [hit(q, true)];
    return [hit(parseAddress(chain, q), false)];
  } catch (thrown) {
    if (!isFailure(thrown, "INVALID_VALUE")) throw thrown;
    if (looksLikeAddress.test(q)) notes.push(thrown.message);
    return [];
  }
}

function transactionHits(reader: ChainReader, q: string, notes: Notes): readonly Hit[] {
  const { chain } = reader;
  const form = chain.family === "evm" ? q.toLowerCase() : q;
  const transaction = transactionIfAny(reader, form);
  if (transaction !== undefined) {
    const id = txidOf(reader, transaction);
    const path = pathOf(["chains", chain.id, "transactions", id]);
    return [{ kind: "transaction", id, label: id, chain: chain.id, path, isExact: true, seen: null }];
  }
  if (isTxid(reader, form)) {
    const { tip } = reader.state;
    const end = tip === undefined ? "which is empty" : `which goes to block ${tip.height}`;
    notes.push(`no such transaction is in the ledger of ${chain.name}, ${end}`);
  }
  return [];
}

function isTxid(reader: ChainReader, text: string): boolean {
  if (!/^(?:0x)?[0-9a-f]{64}$/iu.test(text)) return false;
  try {
    return parseTxid(reader.chain, text) !== "";
  } catch (thrown) {
    if (isFailure(thrown, "INVALID_VALUE")) return false;
    throw thrown;
  }
}

/** An output or a transfer by its reference. */
function rowHits(reader: ChainReader, q: string): readonly Hit[] {
  const { chain, model } = reader;
  const [, txid = "", index = ""] = /^(.+):([0-9]{1,9})$/u.exec(q) ?? [];
  const form = chain.family === "evm" ? txid.toLowerCase() : txid;
  if (index === "" || transactionIfAny(reader, form) === undefined) return [];
  try {
    findReferences(reader, [`${form}:${index}`]);
  } catch (thrown) {
    if (isFailure(thrown)) return [];
    throw thrown;
  }
  const id = `${form}:${index}`;
  const path = pathOf(["chains", chain.id, "transactions", form]);
  const kind = model === "utxo" ? "output" : "transfer";
  return [{ kind, id, label: id, chain: chain.id, path, isExact: true, seen: null }];
}

function blockHits(reader: ChainReader, q: string): readonly Hit[] {
  if (!/^[0-9]{1,10}$/u.test(q)) return [];
  const height = Number.parseInt(q, 10);
  if (blockWith(reader, height) === undefined) return [];
  const { chain } = reader;
  const path = pathOf(["chains", chain.id, "blocks", String(height)]);
  const label = `${chain.name}, block ${height}`;
  return [{ kind: "block", id: String(height), label, chain: chain.id, path, isExact: true, seen: null }];
}

/** The number of the block with a height; undefined where the ledger has none. */
export function blockWith(reader: ChainReader, height: number): number | undefined {
  const blocks = reader.table(blocksShape);
  const block = firstNotBelow((one) => blocks.value("height", one), blocks.count, height);
  return block < blocks.count && blocks.value("height", block) === height ? block : undefined;
}

function incidentHits({ incidents }: Register, q: string): readonly Hit[] {
  const wanted = q.toLowerCase();
  return incidents.flatMap((incident): Hit[] => {
    const { id } = incident;
    const { name } = incident.victim;
    if (!isLike(wanted, [id, name])) return [];
    const isExact = [id, name].some((text) => text.toLowerCase() === wanted);
    const label = `${name}, ${incident.date.text}`;
    return [{ kind: "incident", id, label, chain: null, path: pathOf(["incidents", id]), isExact, seen: null }];
  });
}

function actorHits({ actors }: Register, q: string): readonly Hit[] {
  const wanted = q.toLowerCase();
  return [...actors.values()].flatMap(({ id, name, aliases }): Hit[] => {
    const names = [id, name, ...aliases];
    if (!isLike(wanted, names)) return [];
    const isExact = names.some((text) => text.toLowerCase() === wanted);
    return [{ kind: "actor", id, label: name, chain: null, path: pathOf(["actors", id]), isExact, seen: null }];
  });
}

function entityHits(entities: readonly NamedEntity[], q: string): readonly Hit[] {
  const wanted = q.toLowerCase();
  return entities
    .filter(({ name }) => isLike(wanted, [name]))
    .slice(0, 100)
    .map(({ name, category, chain, address, tags }) => {
      const what = `${category ?? "no category"}, ${tags} ${tags === 1 ? "tag" : "tags"}`;
      return {
        kind: "entity",
        id: name,
        label: `${name} (${what})`,
        chain,
        path: pathOf(["chains", chain, "addresses", address]),
        isExact: name.toLowerCase() === wanted,
        seen: null,
      };
    });
}

/** Names contain a part of at least two characters. */
function isLike(wanted: string, names: readonly string[]): boolean {
  return wanted.length >= 2 && names.some((name) => name.toLowerCase().includes(wanted));
}

function pathOf(parts: readonly string[]): string {
  return `/v1/${parts.map(encodeURIComponent).join("/")}`;
}
