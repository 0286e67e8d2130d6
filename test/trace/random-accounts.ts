/** Small random ledgers of accounts for tracing: few accounts and assets, fees, mints, burns, swaps, rows out of order. */
import { createHash } from "node:crypto";
import { chain } from "../../src/base/chains.ts";
import { parseAssetId, type AssetId } from "../../src/base/caip.ts";
import type { AccountBlock, Transfer, TransferKind } from "../../src/chains/block.ts";
import { randomOf } from "../ledger/random-chain.ts";

export type RandomAccounts = {
  readonly blocks: readonly AccountBlock[];
  /** Every transfer of a transaction, in ledger order. */
  readonly refs: readonly string[];
  readonly addresses: readonly string[];
  readonly assets: readonly AssetId[];
};

const hex = (text: string, digits: number): string => createHash("sha256").update(text).digest("hex").slice(0, digits);

/** @param options - `scale`: what amounts are multiplied by. */
export function randomAccounts(options: {
  readonly seed: number;
  readonly blocks: number;
  readonly scale: bigint;
}): RandomAccounts {
  const { seed, scale } = options;
  const ethereum = chain("ethereum");
  const random = randomOf(seed);
  const addresses = Array.from({ length: 4 + random(6) }, (_, account) => `0x${hex(`account ${account}`, 40)}`);
  const tokens = Array.from({ length: 2 }, (_, token) => parseAssetId(`eip155:1/erc20:0x${hex(`token ${token}`, 40)}`));
  const assets = [ethereum.native, ...tokens];
  const account = (): string => addresses[random(addresses.length)] ?? "";
  const asset = (): AssetId => assets[random(3) === 0 ? 1 + random(2) : 0] ?? ethereum.native;
  const amount = (): bigint => (random(10) === 0 ? 0n : BigInt(1 + random(20)) * scale + BigInt(random(2)));
  const refs: string[] = [];
  const blocks: AccountBlock[] = [];
  for (let number = 0, height = 5; number < options.blocks; number += 1, height += 1 + random(2)) {
    const count = random(4);
    const transactions = Array.from({ length: count }, (_, index) => ({
      id: `0x${hex(`tx ${seed} ${height} ${index}`, 64)}`,
      index,
      failed: false,
    }));
    const perTransaction = transactions.map((_, transaction) => {
      const rows: Omit<Transfer, "transaction" | "position">[] = [];
      const push = (kind: TransferKind, of: AssetId, from: string | undefined, to: string | undefined): void => {
        if (from !== undefined || to !== undefined) rows.push({ kind, asset: of, from, to, amount: amount() });
      };
      const payer = account();
      if (random(3) > 0) push("fee", ethereum.native, payer, undefined);
      if (random(3) === 0) {
        // A swap, whole or in legs, with something given back at times, in any order.
        const pool = account();
        const legs = 2 + random(4);
        for (let leg = 0; leg < legs; leg += 1) {
          const isPaid = leg === 0 || random(2) === 0;
          push("token", asset(), isPaid ? payer : pool, isPaid ? pool : payer);
        }
      }
      for (let more = random(4); more > 0; more -= 1) {
        push("native", asset(), random(8) === 0 ? undefined : account(), random(10) === 0 ? undefined : account());
      }
      return rows.map((row): Omit<Transfer, "position"> => ({ ...row, transaction }));
    });
    let flat = perTransaction.flat();
    // A transfers file may mix the rows of a block's transactions.
    if (random(4) === 0)
      flat = flat.toSorted((left, right) => (left.amount < right.amount ? -1 : left.amount > right.amount ? 1 : 0));
    const positions = new Map<number, number>();
    const transfers = flat.map((row): Transfer => {
      const position = positions.get(row.transaction) ?? 0;
      positions.set(row.transaction, position + 1);
      refs.push(`${transactions[row.transaction]?.id ?? ""}:${position}`);
      return { ...row, position };
    });
    if (random(3) === 0) {
      transfers.push({
        transaction: -1,
        position: 0,
        kind: "credit",
        asset: ethereum.native,
        from: undefined,
        to: account(),
        amount: amount(),
      });
    }
    blocks.push({
      model: "account",
      chain: ethereum.id,
      hash: undefined,
      parent: undefined,
      height,
      time: 1_600_000_000 + height * 12,
      transactions,
      transfers,
      internalTransfers: "known",
    });
  }
  return { blocks, refs, addresses, assets };
}
