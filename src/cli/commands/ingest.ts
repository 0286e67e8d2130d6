import { chain as knownChain, type KnownChain } from "../../base/chains.ts";
import { Failure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import { ingest as run, type Ingested } from "../../ingest/ingest.ts";
import { diskFiles } from "../../io/disk-files.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { ChainWriter } from "../../ledger/chain-writer.ts";
import type { Tip } from "../../ledger/manifest.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { oneOf, readArguments, readCount, required } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { openSource, sourceKinds, sourceOptions } from "../open-source.ts";
import { progressLine } from "../progress.ts";
import { plainText } from "../table.ts";
import type { Command } from "../terminal.ts";

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
      ...sourceOptions,
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
        // Sources of whole chains count in blocks; files count in bytes, of which nothing is told in between.
        const isInBlocks = chain.family === "bitcoin" || kind === "evm-rpc";
        const part = total === undefined || !isInBlocks ? undefined : ((height + 1) * 1_000) / total;
        progress.show(
          transactions,
          part,
          (rate, left) => `block ${height}, ${groupDigits(String(blocks))} blocks, ${rate} transactions${left}`,
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
