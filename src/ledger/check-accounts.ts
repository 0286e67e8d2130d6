import { parseAssetId } from "../base/caip.ts";
import { isFailure } from "../base/failure.ts";
import {
  checkIdentities,
  makeKeys,
  numbersOf,
  windowsOf,
  type CheckOptions,
  type Contradiction,
  type Keys,
  type Window,
} from "./check-windows.ts";
import { WORD_LIMIT } from "./column.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { ChainReader } from "./reader.ts";
import { accountsShape, accountTransactionsShape, assetsShape, transfersShape } from "./shapes.ts";

const utf8 = new TextEncoder();

/** Every account is found by its name under its one number. */
export function* checkAccounts(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  const accounts = reader.table(accountsShape);
  yield* checkIdentities(
    reader.index("accountByIdentity"),
    {
      name: "account",
      count: accounts.count,
      keysOf: (window) => keysOf((record) => accounts.value("text", record), window),
      isSame: (left, right) => accounts.value("text", left) === accounts.value("text", right),
    },
    options,
  );
}

/** Every transaction, and no other, is found by its id. */
export function* checkAccountIds(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  const transactions = reader.table(accountTransactionsShape);
  yield* checkIdentities(
    reader.index("transactionById"),
    {
      name: "transaction",
      count: transactions.count,
      keysOf: (window) => keysOf((record) => transactions.value("id", record), window),
      isSame: undefined,
    },
    options,
  );
}

function keysOf(text: (record: number) => string, window: Window): Keys {
  const keys = makeKeys(window);
  for (let record = window.from; record < window.to; record += 1) {
    const { hi, lo } = fingerprintOf(utf8.encode(text(record)));
    keys.hi[record - window.from] = hi;
    keys.lo[record - window.from] = lo;
  }
  return keys;
}

/** Every asset has an id. */
export function* checkAssets(reader: ChainReader): Iterable<Contradiction> {
  const assets = reader.table(assetsShape);
  for (let asset = 0; asset < assets.count; asset += 1) {
    const text = assets.value("text", asset);
    if (!isAssetId(text)) yield { where: `asset ${asset}`, what: `"${text}" is no asset's id` };
  }
}

/** Every transfer refers to records that are there, and is listed by its two parties and by nobody else. */
export function* checkTransfers(reader: ChainReader, options: CheckOptions): Iterable<Contradiction> {
  for (const window of windowsOf(reader.table(transfersShape).count, options.windowRecords))
    yield* checkTransferWindow(reader, window);
}

const asPayer = 1;
const asPayee = 2;

function* checkTransferWindow(reader: ChainReader, window: Window): Iterable<Contradiction> {
  const transfers = reader.table(transfersShape);
  const [from, to] = [numbersOf(transfers, "from", window), numbersOf(transfers, "to", window)];
  const listed = new Uint8Array(from.length);
  for (const { hi, lo, value, count } of reader.index("transferByAccount").batches()) {
    for (let entry = 0; entry < count; entry += 1) {
      const transfer = value[entry] as number;
      if (transfer < window.from || transfer >= window.to) continue;
      const at = transfer - window.from;
      const account = (hi[entry] as number) * WORD_LIMIT + (lo[entry] as number);
      const parts = (from[at] === account + 1 ? asPayer : 0) | (to[at] === account + 1 ? asPayee : 0);
      listed[at] = (listed[at] as number) | parts;
      if (parts === 0)
        yield { where: `account ${account}`, what: `lists transfer ${transfer}, in which it has no part` };
    }
  }
  const accounts = reader.table(accountsShape).count;
  const references = [
    { name: "asset", numbers: numbersOf(transfers, "asset", window), most: reader.table(assetsShape).count - 1 },
    {
      name: "transaction",
      numbers: numbersOf(transfers, "transaction", window),
      most: reader.table(accountTransactionsShape).count,
    },
    { name: "account", numbers: from, most: accounts },
    { name: "account", numbers: to, most: accounts },
  ];
  for (let at = 0; at < listed.length; at += 1) {
    const where = `transfer ${window.from + at}`;
    for (const { name, numbers, most } of references) {
      if ((numbers[at] as number) > most)
        yield { where, what: `refers to a${name.startsWith("a") ? "n" : ""} ${name} that is not there` };
    }
    const expected = ((from[at] as number) > 0 ? asPayer : 0) | ((to[at] as number) > 0 ? asPayee : 0);
    if (listed[at] !== expected) yield { where, what: "is not listed by both its parties" };
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
