import type { ChainReader } from "../../ledger/reader.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import { AccountStops } from "../account/account-stops.ts";
import { AccountView } from "../account/account-view.ts";
import type { PriceRule } from "../account/swap.ts";
import { tagStops } from "../tag-stops.ts";
import { UtxoView } from "../utxo/utxo-view.ts";
import { OwnerBook } from "./owner-book.ts";
import type { RenewedChain } from "./renewed-chain.ts";
import { Spans, type CarrySizes } from "./spans.ts";
import type { StoredStrand } from "./state.ts";
import { StrandWriter, type NobodyRule } from "./strand-writer.ts";
import { StrandTables } from "./tables.ts";

/** A chain that is carried forward: how it is read, where tracing ends, and the entries of owners at hand. */
export type CarryContext = {
  readonly chain: RenewedChain;
  readonly reader: ChainReader;
  readonly book: OwnerBook;
  readonly spans: Spans;
  readonly nobody: NobodyRule;
  readonly price: PriceRule;
  readonly model:
    | {
        readonly kind: "utxo";
        readonly view: UtxoView;
        readonly amounts: "numbers" | "exact";
        /** Of an owner's number + 1. */
        readonly isStop: (owner: number) => boolean;
      }
    | { readonly kind: "account"; readonly view: AccountView; readonly isStop: (account: number) => boolean };
};

export type UtxoContext = Extract<CarryContext["model"], { readonly kind: "utxo" }>;
export type AccountContext = Extract<CarryContext["model"], { readonly kind: "account" }>;

export function carryContext(
  chain: RenewedChain,
  by: {
    readonly tags: TagReader;
    /** Owners at which tracing ends. */
    readonly stops: readonly number[];
    readonly price: PriceRule;
    readonly sizes: CarrySizes;
  },
): CarryContext {
  const { reader } = chain;
  const { price, sizes } = by;
  const model = modelOf(reader, by);
  return {
    chain,
    reader,
    book: new OwnerBook(chain.pages, reader.number),
    spans: new Spans(reader, model.kind === "utxo" ? model.view : undefined, sizes),
    nobody: model.kind === "utxo" ? "kept" : "left out",
    price,
    model,
  };
}

export function writerOf(context: CarryContext, strand: StoredStrand): StrandWriter {
  const { reader, book, nobody, chain } = context;
  return new StrandWriter({ chain: reader.number, source: chain.pages, book, nobody }, strand);
}

export function tablesOf({ reader, chain }: CarryContext, { number, counts }: StoredStrand): StrandTables {
  return new StrandTables(chain.pages, reader.number, number, counts);
}

function modelOf(
  reader: ChainReader,
  { tags, stops: owners }: { readonly tags: TagReader; readonly stops: readonly number[] },
): CarryContext["model"] {
  if (reader.model === "account") {
    const view = new AccountView(reader);
    const known = new AccountStops(view, tagStops(tags, reader.chain, "forward"));
    return { kind: "account", view, isStop: (account) => known.of(account) !== undefined };
  }
  // An address of a chain of outputs is one owner, so that no owner need be told its address.
  const stops = new Set(owners.map((owner) => owner + 1));
  return {
    kind: "utxo",
    view: new UtxoView(reader),
    amounts: reader.chain.alias === "dogecoin" ? "exact" : "numbers",
    isStop: (owner) => stops.has(owner),
  };
}
