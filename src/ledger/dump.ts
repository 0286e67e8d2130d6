import { ownerText } from "../chains/bitcoin/owner.ts";
import type { OwnerKind } from "../chains/block.ts";
import { transferKindBytes } from "./account-writer.ts";
import type { ChainReader } from "./reader.ts";
import {
  accountsShape,
  accountTransactionsShape,
  assetsShape,
  blocksShape,
  inputsShape,
  outputsShape,
  ownersShape,
  transfersShape,
  unseenShape,
  utxoIdsShape,
  utxoTransactionsShape,
} from "./shapes.ts";
import type { TableReader } from "./table.ts";

/**
 * Every record of a chain in chain order, a JSON line each: the block, then its transactions.
 *
 * Canonical: the same content gives the same bytes, by whichever source, in whatever batches and however often
 * interrupted it came in. Record numbers are therefore not shown; amounts are decimal text.
 * Cost: one pass over the tables.
 */
export function* dumpChain(reader: ChainReader): Iterable<string> {
  const blocks = reader.table(blocksShape);
  const transactions = reader.model === "utxo" ? utxoTransactions(reader) : accountRows(reader);
  for (let block = 0; block < blocks.count; block += 1) {
    const known = blocks.value("known", block);
    yield `${JSON.stringify({
      chain: reader.chain.id,
      block: blocks.value("height", block),
      time: blocks.value("time", block),
      hash: known % 2 === 1 ? displayedHash(reader, blocks.value("hash", block)) : null,
      parent: known % 2 === 1 ? displayedHash(reader, blocks.value("parent", block)) : null,
      ...(reader.model === "account" ? { internal: known >= 2 ? "known" : "unknown" } : {}),
    })}\n`;
    const isLast = block + 1 === blocks.count;
    yield* transactions({
      transactions: [
        blocks.value("firstTransaction", block),
        isLast ? (reader.state.counts.transactions ?? 0) : blocks.value("firstTransaction", block + 1),
      ],
      rows: [
        blocks.value("firstRow", block),
        isLast
          ? (reader.state.counts[reader.model === "utxo" ? "outputs" : "transfers"] ?? 0)
          : blocks.value("firstRow", block + 1),
      ],
    });
  }
}

/** Half-open ranges of record numbers. */
type BlockRows = { readonly transactions: readonly [number, number]; readonly rows: readonly [number, number] };

function utxoTransactions(reader: ChainReader): (block: BlockRows) => Iterable<string> {
  const [transactions, ids] = [reader.table(utxoTransactionsShape), reader.table(utxoIdsShape)];
  const [inputs, outputs] = [reader.table(inputsShape), reader.table(outputsShape)];
  const [unseen, owners] = [reader.table(unseenShape), reader.table(ownersShape)];
  const owner = (number: number): string | null =>
    number === 0
      ? null
      : (ownerText(reader.chain, owners.value("kind", number - 1) as OwnerKind, owners.value("identity", number - 1)) ??
        null);
  const spent = (reference: number): object => {
    if (reference === 0) return { coinbase: true };
    if (reference % 2 === 1) {
      const output = (reference - 1) / 2;
      const transaction = lastAtMost(transactions, "firstOutput", output);
      const ref = `${reversed(ids.value("id", transaction))}:${output - transactions.value("firstOutput", transaction)}`;
      return { ref, amount: outputs.value("value", output).toString(), owner: owner(outputs.value("owner", output)) };
    }
    const number = (reference - 2) / 2;
    const ref = `${reversed(unseen.value("id", number))}:${unseen.value("index", number)}`;
    const isKnown = unseen.value("known", number) === 1;
    const amount = isKnown ? unseen.value("value", number).toString() : null;
    return { ref, amount, owner: owner(unseen.value("owner", number)), unseen: true };
  };
  return function* rows({ transactions: [from, to] }) {
    for (let number = from; number < to; number += 1) {
      const [inputEnd, outputEnd] = [
        end(transactions, "firstInput", number, inputs.count),
        end(transactions, "firstOutput", number, outputs.count),
      ];
      const line = {
        tx: reversed(ids.value("id", number)),
        inputs: numbers(transactions.value("firstInput", number), inputEnd).map((input) =>
          spent(inputs.value("spent", input)),
        ),
        outputs: numbers(transactions.value("firstOutput", number), outputEnd).map((output) => ({
          amount: outputs.value("value", output).toString(),
          owner: owner(outputs.value("owner", output)),
        })),
      };
      yield `${JSON.stringify(line)}\n`;
    }
  };
}

function accountRows(reader: ChainReader): (block: BlockRows) => Iterable<string> {
  const transactions = reader.table(accountTransactionsShape);
  const transfers = reader.table(transfersShape);
  const [accounts, assets] = [reader.table(accountsShape), reader.table(assetsShape)];
  const kinds = Object.keys(transferKindBytes);
  const account = (number: number): string | null => (number === 0 ? null : accounts.value("text", number - 1));
  return function* rows({ transactions: [from, to], rows: [first, last] }) {
    for (let number = from; number < to; number += 1) {
      const failed = transactions.value("failed", number) === 1;
      yield `${JSON.stringify({ tx: transactions.value("id", number), index: transactions.value("index", number), failed })}\n`;
    }
    for (let number = first; number < last; number += 1) {
      const transfer = transfers.record(number);
      yield `${JSON.stringify({
        transfer: transfer.transaction === 0 ? null : transactions.value("id", transfer.transaction - 1),
        position: transfer.position,
        kind: kinds[transfer.kind],
        asset: assets.value("text", transfer.asset),
        from: account(transfer.from),
        to: account(transfer.to),
        amount: transfer.amount.toString(),
      })}\n`;
    }
  };
}

/** The last record whose rising column is at most a value. Records without rows share it with their successor. */
export function lastAtMost<Shape extends typeof utxoTransactionsShape>(
  table: TableReader<Shape>,
  column: "firstInput" | "firstOutput",
  value: number,
): number {
  let [low, high] = [0, table.count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((table.value(column, middle) as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function end(
  table: TableReader<typeof utxoTransactionsShape>,
  column: "firstInput" | "firstOutput",
  number: number,
  count: number,
): number {
  return number + 1 < table.count ? table.value(column, number + 1) : count;
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** A hash as explorers print it: Bitcoin's in reverse order. */
export function displayedHash(reader: ChainReader, hash: Uint8Array): string {
  return reader.model === "utxo" ? reversed(hash) : `0x${Buffer.from(hash).toString("hex")}`;
}

function reversed(hash: Uint8Array): string {
  return Buffer.from(hash.toReversed()).toString("hex");
}
