import { parseAddress } from "../chains/address.ts";
import { ownerKinds, type OwnerKind } from "../chains/block.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { accountsShape } from "../ledger/shapes.ts";
import { accountByText, identityOf, ownerByIdentity } from "./owners.ts";

/** An owner elsewhere whose key, or script, is the same. */
export type SameKey = {
  readonly reader: ChainReader;
  readonly owner: number;
  /** `key`: one public key's hash; `script`: one script's hash; `account`: one EVM account. */
  readonly by: "key" | "script" | "account";
};

/** A hash of one key under two forms of address. */
const keyKinds: readonly OwnerKind[] = [ownerKinds.key, ownerKinds.witnessKey];

/**
 * The owners of a ledger's chains that have the same key as an owner: on the other chains of its family, and on its own in
 * the other form of address. It joins no clusters: it is told with them.
 *
 * Cost: two look-ups a chain. Method: docs/methods/same-key.md
 */
export function sameKeyOf(chains: readonly ChainReader[], of: ChainReader, owner: number): readonly SameKey[] {
  return of.model === "utxo" ? sameIdentity(chains, of, owner) : sameAccount(chains, of, owner);
}

function sameIdentity(chains: readonly ChainReader[], of: ChainReader, owner: number): readonly SameKey[] {
  const { kind, identity } = identityOf(of, owner);
  // A witness program on a chain without SegWit, or a script without a form, is nobody's for sure.
  if (kind === ownerKinds.other) return [];
  const isKey = keyKinds.includes(kind);
  const kinds = isKey ? keyKinds : [kind];
  return chains
    .filter(({ model }) => model === "utxo")
    .flatMap((reader) => kinds.map((wanted) => ({ reader, wanted })))
    .filter(({ reader, wanted }) => reader !== of || wanted !== kind)
    .flatMap(({ reader, wanted }): readonly SameKey[] => {
      const found = ownerByIdentity(reader, { kind: wanted, identity });
      return found === undefined ? [] : [{ reader, owner: found, by: isKey ? "key" : "script" }];
    });
}

function sameAccount(chains: readonly ChainReader[], of: ChainReader, owner: number): readonly SameKey[] {
  if (of.chain.family !== "evm") return [];
  const text = of.table(accountsShape).value("text", owner);
  return chains
    .filter(({ chain }) => chain.family === "evm" && chain !== of.chain)
    .flatMap((reader): readonly SameKey[] => {
      const found = accountByText(reader, parseAddress(reader.chain, text));
      return found === undefined ? [] : [{ reader, owner: found, by: "account" }];
    });
}
