/** What a transaction's id alone names: held against its outputs or transfers, named one by one. */
import { describe, expect, it } from "vitest";
import { transferKindBytes } from "../../src/ledger/account-writer.ts";
import { transfersShape } from "../../src/ledger/shapes.ts";
import { findReferences } from "../../src/trace/origin.ts";
import { withLedger } from "./ledger-of.ts";
import { randomAccounts } from "./random-accounts.ts";
import { randomUtxo } from "./random-utxo.ts";

const idOf = (reference: string): string => reference.slice(0, reference.lastIndexOf(":"));

describe("a transaction's id as an origin", () => {
  it("means all outputs of the transaction", async () => {
    const { blocks, refs } = randomUtxo({ seed: 7, chain: "bitcoin", blocks: 12, unseen: "none", scale: 1_000n });
    await withLedger(blocks, 3, (reader) => {
      const ids = [...new Set(refs.map(idOf))];
      expect(ids.length).toBeGreaterThan(10);
      for (const id of ids) {
        const each = refs.filter((one) => idOf(one) === id);
        expect(findReferences(reader, [id])).toEqual(findReferences(reader, each));
      }
      expect(findReferences(reader, ids)).toEqual(findReferences(reader, refs));
    });
  });

  it("means all transfers of the transaction but its fee", async () => {
    const { blocks } = randomAccounts({ seed: 7, blocks: 30, scale: 1_000n });
    await withLedger(blocks, 3, (reader) => {
      const transfers = reader.table(transfersShape);
      let fees = 0;
      for (const { transactions, transfers: rows } of blocks) {
        for (const { id, index } of transactions) {
          const own = rows.filter(({ transaction }) => transaction === index);
          if (own.length === 0) continue;
          const all = findReferences(
            reader,
            own.map(({ position }) => `${id}:${position}`),
          );
          const paid = all.filter((row) => transfers.value("kind", row) !== transferKindBytes.fee);
          fees += all.length - paid.length;
          if (paid.length > 0) expect(findReferences(reader, [id])).toEqual(paid);
          else expect(() => findReferences(reader, [id])).toThrow(/moves nothing but fees/u);
        }
      }
      expect(fees).toBeGreaterThan(5);
    });
  });

  it("that the ledger has not is named as such, and what is no id is no reference", async () => {
    const { blocks } = randomUtxo({ seed: 7, chain: "bitcoin", blocks: 3, unseen: "none", scale: 1_000n });
    await withLedger(blocks, 3, (reader) => {
      expect(() => findReferences(reader, ["f".repeat(64)])).toThrow(
        /unknown reference "f+" in the ledger of bitcoin/u,
      );
      expect(() => findReferences(reader, ["nonsense"])).toThrow(/"nonsense" is not a reference/u);
      expect(() => findReferences(reader, ["nonsense:0"])).toThrow(/"nonsense" is not a transaction id/u);
    });
  });
});
