import { availableParallelism } from "node:os";
import type { ParseArgsConfig } from "node:util";
import type { KnownChain } from "../base/chains.ts";
import { Failure } from "../base/failure.ts";
import { bitcoinBlkSource } from "../ingest/bitcoin-blk.ts";
import { bitcoinEtlSource } from "../ingest/bitcoin-etl.ts";
import { bitcoinRpcSource } from "../ingest/bitcoin-rpc.ts";
import { ethereumEtlSource } from "../ingest/ethereum-etl.ts";
import { etherscanSource } from "../ingest/etherscan.ts";
import { evmRpcSource } from "../ingest/evm-rpc.ts";
import type { Files } from "../ingest/files.ts";
import type { Source } from "../ingest/source.ts";
import { transfersSource } from "../ingest/transfers.ts";
import { decodeInThread } from "../io/decoding-thread.ts";
import { httpRpc } from "../io/http-rpc.ts";
import { scanInThread } from "../io/scanning-thread.ts";
import { oneOf, readCount, type Arguments } from "./arguments.ts";

/** The kinds of source that can be read. */
export const sourceKinds = [
  "bitcoin-blk",
  "bitcoin-rpc",
  "bitcoin-etl",
  "evm-rpc",
  "ethereum-etl",
  "etherscan",
  "transfers",
] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** The options that belong to single kinds of source. */
export const sourceOptions: NonNullable<ParseArgsConfig["options"]> = {
  addresses: { type: "string" },
  start: { type: "string" },
  until: { type: "string" },
  traces: { type: "string" },
  receipts: { type: "string" },
};

/** For which family of chains a kind of source is; undefined: for any with accounts. */
const families: Readonly<Record<SourceKind, KnownChain["family"] | undefined>> = {
  "bitcoin-blk": "bitcoin",
  "bitcoin-rpc": "bitcoin",
  "bitcoin-etl": "bitcoin",
  "evm-rpc": "evm",
  "ethereum-etl": "evm",
  etherscan: "evm",
  transfers: undefined,
};

/**
 * A source for a chain.
 *
 * @param place - A file, a folder, or a node's address.
 * @throws {Failure} `USAGE` for a kind of source that the chain does not have.
 */
export function openSource(
  kind: SourceKind,
  files: Files,
  { chain, place, options }: { readonly chain: KnownChain; readonly place: string; readonly options: Arguments },
): Source {
  const family = families[kind];
  if (kind === "transfers" && chain.family === "bitcoin") {
    const what = `${chain.name} has outputs and spends, which a list of transfers cannot say`;
    throw new Failure("USAGE", { what, mend: "use --from bitcoin-blk or bitcoin-rpc or bitcoin-etl" });
  }
  if (family !== undefined && family !== chain.family) {
    const fitting = sourceKinds.filter((other) => families[other] === chain.family);
    const mend = `use --from ${[...fitting, ...(chain.family === "bitcoin" ? [] : ["transfers"])].join(" or ")}`;
    throw new Failure("USAGE", { what: `${kind} is not for ${chain.name}`, mend });
  }
  switch (kind) {
    case "bitcoin-blk":
      return availableParallelism() > 1
        ? bitcoinBlkSource(files, chain, place, decodeInThread(files, chain))
        : bitcoinBlkSource(files, chain, place);
    case "bitcoin-rpc":
      // A node answers the requests of a batch one after the other, and needs seconds for some large blocks.
      return bitcoinRpcSource(httpRpc(place, { ...credentials(), batch: 8, timeoutMs: 120_000 }), chain);
    case "bitcoin-etl":
      return bitcoinEtlSource(files, chain, place);
    case "evm-rpc":
      return evmRpcSource(httpRpc(place, { ...credentials(), timeoutMs: 120_000 }), chain, {
        from: options.text("start") === undefined ? undefined : readCount(options, "start", 0),
        until: oneOf(["latest", "safe", "finalized"], options.text("until") ?? "latest", "--until"),
        traces: oneOf(["auto", "debug", "trace", "none"], options.text("traces") ?? "auto", "--traces"),
        receipts: oneOf(["auto", "block", "transaction"], options.text("receipts") ?? "auto", "--receipts"),
      });
    case "ethereum-etl":
      return availableParallelism() > 1
        ? ethereumEtlSource(files, chain, place, scanInThread())
        : ethereumEtlSource(files, chain, place);
    case "etherscan":
      return etherscanSource(files, chain, place);
    case "transfers":
      return transfersSource(files, chain, place, readAddresses(options));
    default:
      return kind satisfies never;
  }
}

/** An `Authorization` header from the environment: a key in the address would stand in the list of processes. */
function credentials(): { readonly authorization?: string } {
  const authorization = process.env["FUNDTRAIL_RPC_AUTHORIZATION"];
  return authorization === undefined || authorization === "" ? {} : { authorization };
}

function readAddresses(options: Arguments): "checked" | "as-written" {
  return oneOf(["checked", "as-written"], options.text("addresses") ?? "checked", "--addresses");
}
