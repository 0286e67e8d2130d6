import type { ChainId } from "../base/caip.ts";
import type { ResolveActor, TaggedEntity } from "./entity.ts";
import type { Tag } from "./tag.ts";

/**
 * What the tags of a ledger say, at one committed state. Made by `openTagReader`.
 *
 * Addresses and transaction ids are asked for in the canonical form of their chain (`parseAddress`, `parseTxid`). No tag
 * means unknown, never clean.
 */
export type TagReader = {
  /** All tags of an address, the strongest first; withdrawn and disputed ones, which are marked, last. Cost: three gets. */
  tagsOf(chain: ChainId, address: string): readonly Tag[];
  tagsOfTransaction(chain: ChainId, txid: string): readonly Tag[];
  tagsOfIncident(incident: string): readonly Tag[];
  /** The service or illicit entity at an address, by its tags; undefined where nothing is known. */
  entityAt(chain: ChainId, address: string): TaggedEntity | undefined;
  /** The chains of which an address or a transaction has a tag. */
  readonly chains: readonly ChainId[];
  /** Every tag, by subject, in an order that is the same each time. */
  tags(): Iterable<Tag>;
  /** The addresses of a chain that have a tag, each once, with all their tags. */
  taggedAddresses(chain: ChainId): Iterable<{ readonly address: string; readonly tags: readonly Tag[] }>;
  /** Which actor a tag means. */
  readonly resolve: ResolveActor;
};
