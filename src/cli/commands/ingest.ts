import { chain as knownChain, type KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import { bitcoinBlkSource } from "../../ingest/bitcoin-blk.ts";
import { ethereumEtlSource } from "../../ingest/ethereum-etl.ts";
import { etherscanSource } from "../../ingest/etherscan.ts";
import type { Files } from "../../ingest/files.ts";
import { ingest as run, type Ingested } from "../../ingest/ingest.ts";
import type { Source } from "../../ingest/source.ts";
import { transfersSource } from "../../ingest/transfers.ts";
import { diskFiles } from "../../io/disk-files.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { ChainWriter } from "../../ledger/chain-writer.ts";
import type { Tip } from "../../ledger/manifest.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { oneOf, readArguments, required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { progressLine } from "../progress.ts";
import { plainText } from "../table.ts";
import type { Command } from "../terminal.ts";

/** The kinds of source that can be read. */
const sourceKinds = ["bitcoin-blk", "ethereum-etl", "etherscan", "transfers"] as const;

/** How many blocks may be reorganised where the user does not say: far more than has ever happened. */
const finalityDefault: Readonly<Record<KnownChain["family"], number>> = { bitcoin: 100, evm: 128, transfers: 128 };
const commitDefault = 200_000;

/** `fundtrail ingest`: blocks from a node's files or a list of transfers into a ledger. */
export const ingest: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    {
      ledger: { type: "string" },
      chain: { type: "string" },
      from: { type: "string" },
      finality: { type: "string" },
      commit: { type: "string" },
      addresses: { type: "string" },
      json: { type: "boolean" },
    },
    1,
  );
  const folder = required(options, "ledger", "DIR");
  const chain = knownChain(required(options, "chain", "CHAIN"));
  const kind = oneOf(sourceKinds, required(options, "from", sourceKinds.join("|")), "--from");
  const [place] = options.words;
  if (place === undefined) {
    throw new Failure("USAGE", { what: "no source is named", mend: `give the path to read, after --from ${kind}` });
  }
  const finality = readCount(options, "finality", finalityDefault[chain.family]);
  const commitTransactions = Math.max(1, readCount(options, "commit", commitDefault));
  const files = diskFiles();
  const source = openSource(kind, files, { chain, place, options });
  const store = openLmdbStore(folder, { mode: "write" });
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    unlock = await lockForWriting(folder);
    const writer = await ChainWriter.open(store, { folder, chain: chain.id, model: source.model, finality });
    const progress = progressLine(terminal);
    const done = await run(writer, source, {
      commitTransactions,
      onProgress: ({ height, blocks, transactions, total }) => {
        const of = total === undefined || kind !== "bitcoin-blk" ? "" : ` of ${groupDigits(String(total))}`;
        progress.show(
          transactions,
          (rate) => `block ${height}, ${groupDigits(String(blocks))}${of} blocks, ${rate} transactions`,
        );
      },
    });
    progress.end();
    for (const { where, what } of source.findings()) terminal.error(plainText(`${where}: ${what}`).concat("\n"));
    const { tip } = writer;
    terminal.out(
      options.flag("json") ? jsonText({ chain: chain.id, ...done, tip: tip ?? null }) : summary(chain, done, tip),
    );
    writer.close();
    return 0;
  } finally {
    await store.close();
    await files.close();
    await unlock();
  }
};

function summary(chain: KnownChain, done: Ingested, tip: Tip | undefined): string {
  const reorganised = done.rollbacks === 0 ? "" : `, ${done.rollbacks} reorganisations followed`;
  const end = tip === undefined ? "the ledger is empty" : `the ledger now ends at block ${tip.height}`;
  return `${chain.name}: ${done.blocks} blocks and ${done.transactions} transactions new${reorganised}; ${end}\n`;
}

function openSource(
  kind: (typeof sourceKinds)[number],
  files: Files,
  { chain, place, options }: { readonly chain: KnownChain; readonly place: string; readonly options: Arguments },
): Source {
  switch (kind) {
    case "bitcoin-blk":
      if (chain.family === "bitcoin") return bitcoinBlkSource(files, chain, place);
      throw new Failure("USAGE", { what: `${chain.name} has no blk files`, mend: "use --from transfers" });
    case "ethereum-etl":
    case "etherscan":
      if (chain.family !== "evm") {
        throw new Failure("USAGE", { what: `${chain.name} is no EVM chain`, mend: "use --from transfers" });
      }
      return kind === "etherscan" ? etherscanSource(files, chain, place) : ethereumEtlSource(files, chain, place);
    case "transfers": {
      const addresses = oneOf(["checked", "as-written"], options.text("addresses") ?? "checked", "--addresses");
      return transfersSource(files, chain, place, addresses);
    }
    default:
      return kind satisfies never;
  }
}

function readCount(options: Arguments, name: string, otherwise: number): number {
  const text = options.text(name);
  if (text === undefined) return otherwise;
  if (/^[0-9]{1,7}$/u.test(text)) return Number(text);
  throw new Failure("USAGE", { what: `--${name} "${text}" is not a number`, mend: "for example 100" });
}
