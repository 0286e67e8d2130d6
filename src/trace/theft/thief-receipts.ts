import { halves } from "../../base/halves.ts";
import type { Incident } from "../../incidents/incident.ts";
import type { ChainReader } from "../../ledger/reader.ts";
import { AccountView } from "../account/account-view.ts";
import { Moments } from "../moments.ts";
import { UtxoView } from "../utxo/utxo-view.ts";

const daySeconds = 86_400;

/** Unix seconds from which on a thief's receipts count: a day before the theft's first one, since days are written in many zones. */
export function theftBegins({ date }: Pick<Incident, "date">): number {
  return Date.parse(date.first) / 1_000 - daySeconds;
}

/**
 * What thieves' addresses received from a time on, as the outputs or transfers that brought it, each once: where the register
 * names no transaction of a theft, these are what it took.
 *
 * Left out is what brings the thieves nothing new: payments from one of them to another, change, a loan that is given back in its
 * own transaction, and what came in a transaction in which they pay with something that they had before it. That is followed as
 * any payment, so that only as much of it is tainted as what they paid was. `docs/methods/exposure.md` says more.
 *
 * @param thieves - Owners of the ledger.
 * @param since - Unix seconds.
 * Cost: all rows of the thieves, and the transactions in which they were paid.
 */
export function thiefReceipts(
  reader: ChainReader,
  { thieves, since }: { readonly thieves: ReadonlySet<number>; readonly since: number },
): readonly number[] {
  const rows = reader.model === "utxo" ? paidOutputs(reader, thieves, since) : paidTransfers(reader, thieves, since);
  return [...new Set(rows)].toSorted((left, right) => left - right);
}

function paidOutputs(reader: ChainReader, thieves: ReadonlySet<number>, since: number): readonly number[] {
  const view = new UtxoView(reader);
  const moments = new Moments(reader);
  const index = reader.index("outputByOwner");
  const isPaidByThieves = remembered((transaction) => {
    for (let input = view.firstInput(transaction); input < view.firstInput(transaction + 1); input += 1) {
      if (thieves.has(view.ownerOfSpent(view.spent(input)) - 1)) return true;
    }
    return false;
  });
  return [...thieves].flatMap((owner) =>
    index
      .get(...halves(owner))
      // Odd values are outputs from before the ledger.
      .flatMap((value) => (value % 2 === 0 ? [value / 2] : []))
      .filter((output) => {
        const transaction = view.transactionOfOutput(output);
        return moments.of(transaction).time >= since && view.exactValue(output) > 0n && !isPaidByThieves(transaction);
      }),
  );
}

function paidTransfers(reader: ChainReader, thieves: ReadonlySet<number>, since: number): readonly number[] {
  const view = new AccountView(reader);
  const isReceipt = (row: number): boolean => thieves.has(view.to(row)) && !thieves.has(view.from(row));
  /** What a transaction leaves them more of; nothing where they pay with what they had before it. */
  const gained = remembered((transaction) => {
    const more = new Map<number, bigint>();
    for (const row of view.rowsOfTransaction(transaction)) {
      if (view.isFee(row)) continue;
      const isPaid = thieves.has(view.from(row)) && !thieves.has(view.to(row));
      if (!isPaid && !isReceipt(row)) continue;
      const asset = view.asset(row);
      const left = (more.get(asset) ?? 0n) + (isPaid ? -view.amount(row) : view.amount(row));
      if (left < 0n) return new Map<number, bigint>();
      more.set(asset, left);
    }
    return more;
  });
  return [...thieves].flatMap((account) =>
    view.rowsOf(account, 0, Infinity).filter((row) => {
      if (!isReceipt(row) || view.isFee(row) || view.amount(row) === 0n) return false;
      if (view.moments.ofRow(row).time < since) return false;
      const transaction = view.transaction(row);
      return transaction < 0 || (gained(transaction).get(view.asset(row)) ?? 0n) > 0n;
    }),
  );
}

function remembered<Answer>(ask: (transaction: number) => Answer): (transaction: number) => Answer {
  const known = new Map<number, Answer>();
  return (transaction) => {
    const found = known.get(transaction) ?? ask(transaction);
    known.set(transaction, found);
    return found;
  };
}
