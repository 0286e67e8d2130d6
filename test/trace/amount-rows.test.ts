import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccountView } from "../../src/trace/account/account-view.ts";
import { withLedger } from "./ledger-of.ts";
import { other, paid, thief } from "./story.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 20);
/** Of every length in bytes, up to 32. */
const amount = fc
  .tuple(fc.integer({ min: 0, max: 256 }), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }))
  .map(([bits, value]) => BigInt.asUintN(bits, value));

describe("the amounts of transfers", () => {
  it("are those that were written, whatever their size and wherever they are asked for", async () => {
    const some = fc.array(amount, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 150 }), async (amounts, times) => {
        // More than a page holds, at times.
        const all = Array.from({ length: times }, () => amounts).flat();
        await withLedger(
          [
            paid(
              0,
              all.map((one) => [thief, other, one]),
            ),
          ],
          1,
          (reader) => {
            const view = new AccountView(reader);
            const read = Array.from(all, (_, row) => view.amount(all.length - 1 - row)).toReversed();
            expect(read).toEqual(all);
          },
        );
      }),
      { numRuns: runs },
    );
  });
});
