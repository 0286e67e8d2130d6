import { chain as chainNamed, type KnownChain } from "../../base/chains.ts";
import { Failure, isFailure } from "../../base/failure.ts";
import { parseAddress, parseTxid } from "../../chains/address.ts";
import { tagsOf } from "../../tags/answer.ts";
import type { TagSubject } from "../../tags/tag.ts";
import type { TagReader } from "../../tags/tag-reader.ts";
import type { Arguments } from "../arguments.ts";
import { place } from "../../tags/read/chain-hint.ts";

/**
 * What a command's word names: an address or a transaction, on the chain of `--chain`, or on each chain of the ledger's tags
 * where it can be one; or, with `--incident`, an incident.
 *
 * @returns At least one subject; where no chain of the ledger has such addresses, that of the chain whose form it has.
 * @throws {Failure} `USAGE`, `UNKNOWN_NAME`, `INVALID_VALUE` where it is nothing of the kind.
 */
export function readSubjects(options: Arguments, reader: TagReader, word: string | undefined): readonly TagSubject[] {
  const incident = options.text("incident");
  if (incident !== undefined) {
    if (word === undefined) return [{ kind: "incident", incident }];
    throw new Failure("USAGE", { what: "--incident and an address are both given", mend: "give one of them" });
  }
  if (word === undefined) {
    throw new Failure("USAGE", {
      what: "no address is named",
      mend: "give an address, a transaction's id or --incident ID",
    });
  }
  const named = options.text("chain");
  if (named !== undefined) return [onChain(chainNamed(named), word)];
  const chains = reader.chains.map(chainNamed);
  const found = chains.flatMap((chain) => {
    const subject = attempt(chain, word);
    return subject === undefined ? [] : [subject];
  });
  const tagged = found.filter((subject) => tagsOf(reader, subject).length > 0);
  if (tagged.length > 0) return tagged;
  const placed = placedByForm(word);
  if (placed !== undefined) return [placed];
  const [first] = found;
  if (first !== undefined) return [first];
  // What is wrong with it is told as for the chain that it looks like.
  return [onChain(chainNamed(/^0x/iu.test(word) ? "ethereum" : "bitcoin"), word)];
}

function onChain(chain: KnownChain, word: string): TagSubject {
  try {
    return { kind: "address", chain: chain.id, address: parseAddress(chain, word) };
  } catch (error) {
    if (!isFailure(error, "INVALID_VALUE")) throw error;
    const transaction = transactionOn(chain, word);
    if (transaction !== undefined) return transaction;
    throw error;
  }
}

function attempt(chain: KnownChain, word: string): TagSubject | undefined {
  try {
    return onChain(chain, word);
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) return undefined;
    throw error;
  }
}

function transactionOn(chain: KnownChain, word: string): TagSubject | undefined {
  try {
    return { kind: "transaction", chain: chain.id, txid: parseTxid(chain, word) };
  } catch (error) {
    if (isFailure(error, "INVALID_VALUE")) return undefined;
    throw error;
  }
}

/** A broken checksum is told as such, and not as "no chain". */
function placedByForm(word: string): TagSubject | undefined {
  try {
    const { chain, text } = place("address", word, { kind: "form" });
    return { kind: "address", chain: chain.id, address: text };
  } catch (error) {
    if (!isFailure(error, "INVALID_VALUE")) throw error;
    if (error.message.includes("case-sensitive")) throw error;
    return undefined;
  }
}
