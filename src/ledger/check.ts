import { parseAssetId } from "../base/caip.ts";
import { isFailure } from "../base/failure.ts";
import { halves } from "../base/halves.ts";
import { fingerprintOf, fingerprintOfHash, ownerFingerprint, type Fingerprint } from "./fingerprint.ts";
import { lastAtMost } from "./dump.ts";
import type { Run } from "./index/run.ts";
import type { IndexName } from "./keys.ts";
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
  utxoTransactionsShape,
} from "./shapes.ts";

/** Something in a ledger that contradicts something else in it. */
export type Contradiction = { readonly where: string; readonly what: string };

/** Chains with a part that is not public: a transaction can pay out what it took from there. */
const shieldedChains: ReadonlySet<string> = new Set(["zcash", "litecoin"]);

/** How many contradictions are named before the check gives up: one damaged page can cause thousands. */
const contradictionsMax = 100;

/**
 * Verifies what a chain of a ledger promises, and names what does not hold: every page's checksum; blocks in order and
 * linked by their hashes; every link both ways (spent and spends, owners and their outputs, accounts and their
 * transfers); no output spent twice; no transaction that pays out more than it takes in (but on
 * chains with a part that is not public); dictionaries without doubles;
 * ids found by their index.
 *
 * Cost: one pass over all tables and indexes, with an index look-up a record.
 */
export function* checkChain(reader: ChainReader): Iterable<Contradiction> {
  const parts = [
    checkBlocks,
    ...(reader.model === "utxo"
      ? [checkUtxoTransactions, checkInputs, checkOutputs, checkOwners]
      : [checkAccountTransactions, checkTransfers, checkAccounts]),
    checkIndexes,
  ];
  let count = 0;
  for (const part of parts) {
    try {
      for (const found of part(reader)) {
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

function* checkUtxoTransactions(reader: ChainReader): Iterable<Contradiction> {
  const transactions = reader.table(utxoTransactionsShape);
  const [inputs, outputs, unseen] = [reader.table(inputsShape), reader.table(outputsShape), reader.table(unseenShape)];
  const byId = reader.index("transactionById");
  for (let number = 0; number < transactions.count; number += 1) {
    const id = transactions.value("id", number);
    const where = `transaction ${Buffer.from(id.toReversed()).toString("hex")}`;
    const { hi, lo } = fingerprintOfHash(id);
    if (!byId.get(hi, lo).includes(number)) yield { where, what: "its id is not in the index" };
    const isLast = number + 1 === transactions.count;
    const inputEnd = isLast ? inputs.count : transactions.value("firstInput", number + 1);
    const outputEnd = isLast ? outputs.count : transactions.value("firstOutput", number + 1);
    let paid = 0n;
    for (let output = transactions.value("firstOutput", number); output < outputEnd; output += 1) {
      paid += outputs.value("value", output);
    }
    let taken: bigint | undefined = 0n;
    for (let input = transactions.value("firstInput", number); input < inputEnd; input += 1) {
      const spent = inputs.value("spent", input);
      const isUnseen = spent > 0 && spent % 2 === 0;
      if (spent === 0 || (isUnseen && unseen.value("known", (spent - 2) / 2) === 0)) taken = undefined;
      else if (taken !== undefined) {
        taken += isUnseen ? unseen.value("value", (spent - 2) / 2) : outputs.value("value", (spent - 1) / 2);
      }
    }
    const isPublic = !shieldedChains.has(reader.chain.alias);
    if (isPublic && taken !== undefined && paid > taken)
      yield { where, what: `pays out ${paid} and takes in ${taken}` };
  }
}

function* checkInputs(reader: ChainReader): Iterable<Contradiction> {
  const [inputs, outputs, unseen] = [reader.table(inputsShape), reader.table(outputsShape), reader.table(unseenShape)];
  const transactions = reader.table(utxoTransactionsShape);
  const spends = reader.index("spendByOutput");
  for (let input = 0; input < inputs.count; input += 1) {
    const spent = inputs.value("spent", input);
    const where = `input ${input}`;
    if (spent === 0) continue;
    if (spent % 2 === 0) {
      const number = (spent - 2) / 2;
      if (number >= unseen.count) yield { where, what: `spends the unseen output ${number}, which is not there` };
      else if (unseen.value("spentBy", number) !== input)
        yield { where, what: "its unseen output names another input" };
      continue;
    }
    const output = (spent - 1) / 2;
    if (output >= outputs.count) {
      yield { where, what: `spends output ${output}, which is not there` };
      continue;
    }
    const found = spends.get(...halves(output));
    if (found.length !== 1 || found[0] !== input) {
      yield {
        where,
        what: `output ${output} is spent by ${found.length === 0 ? "no input" : `inputs ${found.join(", ")}`}`,
      };
    }
    const creator = lastAtMost(transactions, "firstOutput", output);
    if (creator > lastAtMost(transactions, "firstInput", input))
      yield { where, what: "spends an output of a later transaction" };
  }
}

function* checkOutputs(reader: ChainReader): Iterable<Contradiction> {
  const [outputs, owners] = [reader.table(outputsShape), reader.table(ownersShape)];
  const byOwner = reader.index("outputByOwner");
  let owned = 0;
  for (let output = 0; output < outputs.count; output += 1) {
    const owner = outputs.value("owner", output);
    if (owner > owners.count)
      yield { where: `output ${output}`, what: `belongs to owner ${owner - 1}, who is not there` };
    if (owner > 0) owned += 1;
  }
  const unseen = reader.table(unseenShape);
  for (let number = 0; number < unseen.count; number += 1) if (unseen.value("owner", number) > 0) owned += 1;
  let listed = 0;
  for (const { hi, lo, value } of byOwner.entries()) {
    listed += 1;
    const owner = hi * 0x1_0000_0000 + lo;
    const row = value % 2 === 0 ? outputs.value("owner", value / 2) : unseen.value("owner", (value - 1) / 2);
    if (row !== owner + 1) yield { where: `owner ${owner}`, what: `lists a row of owner ${row - 1}` };
  }
  if (listed !== owned) yield { where: "owners", what: `list ${listed} outputs, and ${owned} have an owner` };
}

function* checkOwners(reader: ChainReader): Iterable<Contradiction> {
  const owners = reader.table(ownersShape);
  yield* checkDictionary(reader, "ownerByIdentity", owners.count, {
    fingerprint: (number) => ownerFingerprint(owners.value("kind", number), owners.value("identity", number)),
    isSame: (left, right) =>
      owners.value("kind", left) === owners.value("kind", right) &&
      isEqual(owners.value("identity", left), owners.value("identity", right)),
  });
}

function* checkAccounts(reader: ChainReader): Iterable<Contradiction> {
  const accounts = reader.table(accountsShape);
  const utf8 = new TextEncoder();
  yield* checkDictionary(reader, "accountByIdentity", accounts.count, {
    fingerprint: (number) => fingerprintOf(utf8.encode(accounts.value("text", number))),
    isSame: (left, right) => accounts.value("text", left) === accounts.value("text", right),
  });
}

/** Every identity is found by the index under its own number, and by no other. */
function* checkDictionary(
  reader: ChainReader,
  name: IndexName,
  count: number,
  identity: {
    readonly fingerprint: (number: number) => Fingerprint;
    readonly isSame: (left: number, right: number) => boolean;
  },
): Iterable<Contradiction> {
  const index = reader.index(name);
  for (let number = 0; number < count; number += 1) {
    const { hi, lo } = identity.fingerprint(number);
    const same = index.get(hi, lo).filter((candidate) => identity.isSame(candidate, number));
    if (same.length !== 1 || same[0] !== number) {
      const what = same.length === 0 ? "is not in its index" : `is kept twice: ${same.join(", ")}`;
      yield { where: `${name} ${number}`, what };
    }
  }
}

function* checkAccountTransactions(reader: ChainReader): Iterable<Contradiction> {
  const transactions = reader.table(accountTransactionsShape);
  const byId = reader.index("transactionById");
  const utf8 = new TextEncoder();
  for (let number = 0; number < transactions.count; number += 1) {
    const id = transactions.value("id", number);
    const { hi, lo } = fingerprintOf(utf8.encode(id));
    if (!byId.get(hi, lo).includes(number)) yield { where: `transaction ${id}`, what: "its id is not in the index" };
  }
}

function* checkTransfers(reader: ChainReader): Iterable<Contradiction> {
  const transfers = reader.table(transfersShape);
  const [transactions, accounts] = [reader.table(accountTransactionsShape).count, reader.table(accountsShape).count];
  const assets = reader.table(assetsShape);
  for (let asset = 0; asset < assets.count; asset += 1) {
    const text = assets.value("text", asset);
    if (!isAssetId(text)) yield { where: `asset ${asset}`, what: `"${text}" is no asset's id` };
  }
  let ends = 0;
  for (let number = 0; number < transfers.count; number += 1) {
    const { transaction, asset, from, to } = transfers.record(number);
    const isSound = transaction <= transactions && asset < assets.count && from <= accounts && to <= accounts;
    if (!isSound) yield { where: `transfer ${number}`, what: "refers to a record that is not there" };
    ends += (from > 0 ? 1 : 0) + (to > 0 && to !== from ? 1 : 0);
  }
  let listed = 0;
  for (const { hi, lo, value } of reader.index("transferByAccount").entries()) {
    listed += 1;
    const account = hi * 0x1_0000_0000 + lo;
    const isParty = transfers.value("from", value) === account + 1 || transfers.value("to", value) === account + 1;
    if (!isParty) yield { where: `account ${account}`, what: `lists transfer ${value}, in which it has no part` };
  }
  if (listed !== ends) yield { where: "accounts", what: `list ${listed} transfers, and ${ends} have them as a party` };
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

function isAssetId(text: string): boolean {
  try {
    parseAssetId(text);
    return true;
  } catch (thrown) {
    if (isFailure(thrown, "INVALID_VALUE")) return false;
    throw thrown;
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
