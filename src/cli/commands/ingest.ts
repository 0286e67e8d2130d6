import { chain as knownChain, type KnownChain } from "../../base/chains.ts";
import { Failure, isFailure } from "../../base/failure.ts";
import { groupDigits } from "../../base/usd.ts";
import type { Files } from "../../ingest/files.ts";
import { ingest as run, type Ingested, type Progress } from "../../ingest/ingest.ts";
import type { Source } from "../../ingest/source.ts";
import { diskFiles } from "../../io/disk-files.ts";
import { reportIngest, type IngestReport } from "../../io/ingest-status.ts";
import { lockForWriting } from "../../io/writer-lock.ts";
import { ChainWriter } from "../../ledger/chain-writer.ts";
import type { Tip } from "../../ledger/manifest.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { oneOf, readArguments, readCount, required } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { openSource, sourceKinds, sourceOptions, type SourceKind } from "../open-source.ts";
import { bytesText, progressLine } from "../progress.ts";
import { plainText } from "../table.ts";
import { carriedAlong } from "../taint/carried-along.ts";
import { carriedText } from "../taint/info-text.ts";
import type { Command, Terminal } from "../terminal.ts";

/** How many blocks may be reorganised where the user does not say: far more than has ever happened. */
const finalityDefault: Readonly<Record<KnownChain["family"], number>> = { bitcoin: 100, evm: 128, transfers: 128 };
const commitDefault = 200_000;
/** How often the source is looked at; the line is written less often. */
const lookEveryMs = 200;

const ingestOptions = {
  ledger: { type: "string" },
  chain: { type: "string" },
  from: { type: "string" },
  finality: { type: "string" },
  commit: { type: "string" },
  register: { type: "string", multiple: true },
  simulated: { type: "boolean" },
  ...sourceOptions,
  json: { type: "boolean" },
} as const;

/** `fundtrail ingest`: blocks from a node's files or a list of transfers into a ledger. */
export const ingest: Command = async (args, terminal) => {
  const options = readArguments(args, ingestOptions, 1);
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
  await requirePlace(files, kind, place);
  const store = openLmdbStore(folder, { mode: "write" });
  let stopTelling = (): void => undefined;
  let unlock = async (): Promise<void> => Promise.resolve();
  try {
    unlock = await lockForWriting(folder);
    const along = await carriedAlong(store, chain, { folder, registers: options.texts("register"), terminal });
    const mark = options.flag("simulated") ? { simulated: true as const } : {};
    const writer = await ChainWriter.open(store, { folder, chain: chain.id, model: source.model, finality, ...mark });
    const progress = sourceProgress(source, terminal, { folder, chain: chain.id, source: kind });
    stopTelling = progress.end;
    const { result: done, taint } = await along(
      async (onCommit) =>
        told(progress.report, async () =>
          run(writer, source, { commitTransactions, onProgress: progress.tell, onCommit }),
        ),
      () => {
        progress.end();
        writer.close();
      },
    );
    const { tip } = writer;
    for (const { where, what } of source.findings()) terminal.error(plainText(`${where}: ${what}`).concat("\n"));
    const json = { chain: chain.id, ...done, tip: tip ?? null, taint: taint ?? null };
    terminal.out(options.flag("json") ? jsonText(json) : summary(chain, done, tip));
    if (taint !== undefined && !options.flag("json")) terminal.out(`Taint index, ${carriedText(chain, taint)}`);
    return 0;
  } finally {
    stopTelling();
    await store.close();
    await files.close();
    await unlock();
  }
};

/** A mistyped path leaves no empty ledger behind. */
async function requirePlace(files: Files, kind: SourceKind, place: string): Promise<void> {
  if (kind === "bitcoin-rpc" || kind === "evm-rpc" || (await files.size(place)) !== undefined) return;
  throw new Failure("SOURCE_UNREADABLE", { source: place, why: "does not exist", mend: "check the path" });
}

/** Leaves word of how an ingest ended; of what failed the code alone, since a message may name places. */
async function told<Result>(report: IngestReport, work: () => Promise<Result>): Promise<Result> {
  try {
    const done = await work();
    await report.end(undefined);
    return done;
  } catch (thrown) {
    const code = isFailure(thrown) ? thrown.code : "FAULT";
    await report.end({ code, title: code.toLowerCase().replaceAll("_", " ") });
    throw thrown;
  }
}

type SourceLine = {
  readonly tell: (progress: Progress) => void;
  readonly end: () => void;
  readonly report: IngestReport;
};

/** Blocks, transactions a second, bytes and time left, also while a source reads and gives nothing yet. */
function sourceProgress(
  source: Source,
  terminal: Terminal,
  { folder, ...of }: { readonly folder: string; readonly chain: string; readonly source: SourceKind },
): SourceLine {
  const line = progressLine(terminal);
  let now: Progress | undefined;
  const report = reportIngest(folder, of, () => {
    const { bytes, bytesTotal, lastHeight } = source.progress();
    return {
      height: now?.height ?? null,
      lastHeight: lastHeight ?? null,
      blocks: now?.blocks ?? 0,
      transactions: now?.transactions ?? 0,
      bytes,
      bytesTotal: bytesTotal ?? null,
    };
  });
  const show = (): void => {
    const { bytes, bytesTotal, lastHeight } = source.progress();
    const [height, transactions] = [now?.height, now?.transactions ?? 0];
    const byBytes = bytesTotal === undefined || bytesTotal === 0 ? undefined : bytes / bytesTotal;
    const byBlocks = height === undefined || lastHeight === undefined ? undefined : (height + 1) / (lastHeight + 1);
    const read = bytesTotal === undefined ? bytesText(bytes) : `${bytesText(bytes)} of ${bytesText(bytesTotal)}`;
    const count = (value: number, what: string): string => `${groupDigits(String(value))} ${what}`;
    const taken = `${count(now?.blocks ?? 0, "blocks")}, ${count(transactions, "transactions")}`;
    const at = height === undefined ? "" : `block ${height}${lastHeight === undefined ? "" : ` of ${lastHeight}`}, `;
    line.show(transactions, byBytes ?? byBlocks, (rate, left) => `${at}${taken} (${rate}), ${read} read${left}`);
  };
  const look = (): void => {
    show();
    report.tell();
  };
  const ticking = setInterval(look, lookEveryMs);
  report.tell();
  return {
    report,
    tell: (progress) => void (now = progress),
    end: () => {
      clearInterval(ticking);
      line.end();
    },
  };
}

function summary(chain: KnownChain, done: Ingested, tip: Tip | undefined): string {
  const reorganised = done.rollbacks === 0 ? "" : `, ${done.rollbacks} reorganisations followed`;
  const end = tip === undefined ? "the ledger is empty" : `the ledger now ends at block ${tip.height}`;
  return `${chain.name}: ${done.blocks} blocks and ${done.transactions} transactions new${reorganised}; ${end}\n`;
}
