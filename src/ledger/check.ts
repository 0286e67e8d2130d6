import { isFailure } from "../base/failure.ts";
import { checkAccountIds, checkAccounts, checkAssets, checkTransfers } from "./check-accounts.ts";
import { checkOwned, checkOwners, checkSpends, checkUtxoIds } from "./check-utxo.ts";
import { checkDefaults, type CheckOptions, type Contradiction } from "./check-windows.ts";
import type { Run } from "./index/run.ts";
import type { IndexName } from "./keys.ts";
import type { ChainReader } from "./reader.ts";
import { blocksShape } from "./shapes.ts";

/** How many contradictions are named before the check gives up: one damaged page can cause thousands. */
const contradictionsMax = 100;

/**
 * Verifies what a chain of a ledger promises, and names what does not hold: every page's checksum; blocks in order and
 * linked by their hashes; every link both ways (spent and spends, owners and their outputs, accounts and their
 * transfers); no output spent twice; no transaction that pays out more than it takes in (but on
 * chains with a part that is not public); dictionaries without doubles;
 * ids found by their index.
 *
 * Cost: passes over tables and indexes from beginning to end, one more for every 4 to 16 million records; some hundred
 * megabytes of memory, whatever the chain's length.
 */
export function* checkChain(reader: ChainReader, options: CheckOptions = checkDefaults): Iterable<Contradiction> {
  const parts = [
    checkBlocks,
    ...(reader.model === "utxo"
      ? [checkUtxoIds, checkSpends, checkOwned, checkOwners]
      : [checkAccountIds, checkAssets, checkTransfers, checkAccounts]),
    checkIndexes,
  ];
  let count = 0;
  for (const part of parts) {
    try {
      for (const found of part(reader, options)) {
        yield found;
        count += 1;
        if (count >= contradictionsMax) {
          yield { where: part.name, what: `gave up after ${contradictionsMax} contradictions` };
          return;
        }
      }
    } catch (thrown) {
      // A damaged page ends its part; the other parts are checked all the same.
      if (!isFailure(thrown, "LEDGER_DAMAGED")) throw thrown;
      yield { where: reader.chain.alias, what: thrown.message };
    }
  }
}

function* checkBlocks(reader: ChainReader): Iterable<Contradiction> {
  const blocks = reader.table(blocksShape);
  for (let block = 1; block < blocks.count; block += 1) {
    const [before, height] = [blocks.value("height", block - 1), blocks.value("height", block)];
    const where = `block ${height}`;
    if (height <= before) yield { where, what: `follows block ${before}` };
    const known = blocks.value("known", block) % 2 === 1 && blocks.value("known", block - 1) % 2 === 1;
    if (known && height === before + 1 && !isEqual(blocks.value("parent", block), blocks.value("hash", block - 1))) {
      yield { where, what: "its parent is not the block before it" };
    }
  }
  const tip = reader.state.tip;
  const last = blocks.count === 0 ? undefined : blocks.value("height", blocks.count - 1);
  if (tip?.height !== last) yield { where: "tip", what: `the manifest says ${tip?.height}, the last block is ${last}` };
}

/** The pages of every run that the chain's state or an earlier one needs, each run once. */
function* checkIndexes(reader: ChainReader): Iterable<Contradiction> {
  const seen = new Set<number>();
  for (const state of [reader.state, ...reader.earlier]) {
    for (const [name, runs] of Object.entries(state.runs) as readonly [IndexName, readonly Run[]][]) {
      const unread = runs.filter(({ id }) => !seen.has(id));
      for (const { id } of unread) seen.add(id);
      const index = reader.index(name, { ...state, runs: { [name]: unread } });
      for (const { run, what } of index.verify()) yield { where: `index ${name}, run ${run}`, what };
    }
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
