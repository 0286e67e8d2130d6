import { isFailure } from "../base/failure.ts";
import type { ChainWriter } from "../ledger/chain-writer.ts";
import type { Source } from "./source.ts";

export type IngestOptions = {
  /** A commit after so many transactions. More is faster and takes more memory. */
  readonly commitTransactions: number;
  readonly onProgress: (progress: Progress) => void;
  /** Does, after each commit, what is to be in step with the ledger; the next block waits for it. */
  readonly onCommit?: () => Promise<void>;
};

export type Progress = {
  readonly height: number;
  readonly blocks: number;
  readonly transactions: number;
};

export type Ingested = { readonly blocks: number; readonly transactions: number; readonly rollbacks: number };

/**
 * Takes a source's blocks into a ledger, from where the ledger stands to the source's end.
 *
 * Running it again changes nothing. Where the source's chain has left the ledger's, the ledger goes back and follows.
 * @throws {Failure} what source and writer throw; the blocks before the fault stay, and a later run goes on from there.
 */
export async function ingest(writer: ChainWriter, source: Source, options: IngestOptions): Promise<Ingested> {
  let [blocks, transactions, rollbacks] = [0, 0, 0];
  const commit = async (to: string): Promise<void> => {
    await writer.commit(to);
    if (options.onCommit === undefined) return;
    writer.rest();
    await options.onCommit();
  };
  for (let isDone = false; !isDone;) {
    isDone = true;
    let cursor = writer.cursor;
    try {
      for await (const { block, height, cursor: after } of source.open({ cursor, tip: writer.tip })) {
        const appended = writer.append(block, height);
        if (appended.kind === "fork") {
          await writer.rollback(appended.height - 1);
          rollbacks += 1;
          cursor = writer.cursor;
          // The source is opened anew at the place to which the ledger went back.
          isDone = false;
          break;
        }
        blocks += 1;
        transactions += block.model === "utxo" ? block.transactionCount : block.transactions.length;
        cursor = after;
        if (writer.pendingTransactions >= options.commitTransactions || writer.isFull) await commit(cursor);
        else await writer.trim();
        options.onProgress({ height, blocks, transactions });
      }
    } catch (thrown) {
      // What came whole before a fault of the source is kept: the next run goes on from there. After a fault of the
      // store nothing more may be written.
      if (isFailure(thrown) && thrown.code.startsWith("SOURCE_") && cursor !== writer.cursor)
        await writer.commit(cursor);
      throw thrown;
    }
    if (isDone && cursor !== writer.cursor) await commit(cursor);
  }
  return { blocks, transactions, rollbacks };
}
