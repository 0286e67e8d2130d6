import type { AssetId, ChainId } from "../../base/caip.ts";
import type { CsvRow } from "./csv.ts";
import { amountIn, smallIn, wordIn, type AddressTexts } from "./digits.ts";
import type { EtlRows } from "./etl-tables.ts";
import { eventTopics, type TokenMove } from "./logs.ts";
import { invalid, isAbsent, readAddress, readHash, readQuantity, textOf, type Fields } from "./read.ts";

/** The events of a block's transactions: the tokens that they move. */
export type EtlEvents = {
  /**
   * The rows of each transaction's events, by its index.
   *
   * @param of - Undefined where the block has no transactions.
   * @throws {Failure} `SOURCE_INVALID` where one is of none of them.
   */
  group(hashes: readonly string[], of: HashColumn | undefined): readonly (readonly number[] | undefined)[];
  /**
   * What a transaction's events move, as `tokenMoves` says; undefined where one is not of the plain form (an ERC-20 transfer,
   * or an event of no interest) and all have to be read as texts.
   */
  moves(events: readonly number[]): readonly TokenMove[] | undefined;
  /** An event as a node would tell it. */
  asLog(row: number): Fields;
};

/** The rows of transactions, their hashes' column, and which row each index is. */
export type HashColumn = {
  readonly rows: EtlRows<"transactions">;
  readonly column: number;
  readonly listed: readonly number[];
};

export const noEvents: EtlEvents = { group: () => [], moves: () => [], asLog: () => ({}) };

const zero = `0x${"0".repeat(40)}`;
const assetsMax = 65_536;

/** ERC-20 assets by their contract; each text is made once. */
export class TokenAssets {
  readonly #chain: ChainId;
  readonly #ids = new Map<string, AssetId>();

  constructor(chain: ChainId) {
    this.#chain = chain;
  }

  of(contract: string): AssetId {
    const known = this.#ids.get(contract);
    if (known !== undefined) return known;
    const id = `${this.#chain}/erc20:${contract}` as AssetId;
    if (this.#ids.size >= assetsMax) this.#ids.clear();
    this.#ids.set(contract, id);
    return id;
  }
}

/** A move of an ERC-20 token; undefined where a part is missing or both ends are nobody. */
function erc20(
  assets: TokenAssets,
  contract: string | undefined,
  ends: { readonly from: string | undefined; readonly to: string | undefined; readonly amount: bigint },
): TokenMove | undefined {
  const { from, to, amount } = ends;
  if (contract === undefined || from === undefined || to === undefined || amount < 0n) return undefined;
  if (from === zero && to === zero) return undefined;
  const [payer, payee] = [from === zero ? undefined : from, to === zero ? undefined : to];
  return { kind: "token", asset: assets.of(contract), from: payer, to: payee, amount };
}

function groupByHash(
  events: EtlRows<"logs" | "tokenTransfers">,
  hashes: readonly string[],
  of: HashColumn | undefined,
): readonly (readonly number[] | undefined)[] {
  const own = events.column("transaction_hash");
  const rows = of?.rows ?? events;
  const fields = (of?.listed ?? []).map((row) => rows.field(row, of?.column ?? 0));
  const groups: number[][] = [];
  let index = 0;
  for (let event = 0; event < events.count; event += 1) {
    // Nearly always the same transaction's as the event before, or a later one's.
    let at = index;
    const field = events.field(event, own);
    while (at < fields.length && !events.isSame(field, rows, fields[at] ?? 0)) at += 1;
    if (at >= fields.length) {
      at = hashes.indexOf(readHash(events.text(event, own), "transaction_hash", events.place(event)));
      if (at === -1) throw invalid(events.place(event), "it is of no transaction of its block");
    }
    index = at;
    const group = groups[at];
    if (group === undefined) groups[at] = [event];
    else group.push(event);
  }
  return groups;
}

const topicLength = 66;
/** Three topics with commas between them. */
const transferLength = 3 * topicLength + 2;
const comma = 0x2c;
const transferTopic = Buffer.from(eventTopics.transfer);
/** The first topics, but for 0x, that mean something. */
const known = Object.values(eventTopics).map((topic) => Buffer.from(topic));

/** The rows of `logs.csv` of a block. */
export class LogEvents implements EtlEvents {
  readonly #rows: EtlRows<"logs">;
  readonly #addresses: AddressTexts;
  readonly #assets: TokenAssets;
  readonly #columns: Readonly<Record<"index" | "contract" | "data" | "topics", number>>;

  constructor(rows: EtlRows<"logs">, addresses: AddressTexts, assets: TokenAssets) {
    this.#rows = rows;
    this.#addresses = addresses;
    this.#assets = assets;
    this.#columns = {
      index: rows.column("log_index"),
      contract: rows.column("address"),
      data: rows.column("data"),
      topics: rows.column("topics"),
    };
  }

  group(hashes: readonly string[], of: HashColumn | undefined): readonly (readonly number[] | undefined)[] {
    return groupByHash(this.#rows, hashes, of);
  }

  moves(events: readonly number[]): readonly TokenMove[] | undefined {
    const rows = this.#rows;
    const { index, topics } = this.#columns;
    const found: TokenMove[] = [];
    let before = -1;
    for (const row of events) {
      const place = smallIn(rows.bytes, rows.start(row, index), rows.end(row, index));
      if (place <= before) return undefined;
      before = place;
      const start = rows.start(row, topics);
      if (rows.end(row, topics) === start) continue;
      if (!startsWith(rows.bytes, start, transferTopic)) {
        if (isOther(rows.bytes, start, rows.end(row, topics))) continue;
        return undefined;
      }
      const move = this.#transfer(row, start);
      if (move === undefined) return undefined;
      found.push(move);
    }
    return found;
  }

  #transfer(row: number, start: number): TokenMove | undefined {
    const { bytes } = this.#rows;
    const { contract, data, topics } = this.#columns;
    if (this.#rows.end(row, topics) - start !== transferLength) return undefined;
    const [second, third] = [start + topicLength + 1, start + 2 * (topicLength + 1)];
    if (bytes[second - 1] !== comma || bytes[third - 1] !== comma) return undefined;
    return erc20(
      this.#assets,
      this.#addresses.in(bytes, this.#rows.start(row, contract), this.#rows.end(row, contract)),
      {
        from: this.#addresses.inWord(bytes, second, second + topicLength),
        to: this.#addresses.inWord(bytes, third, third + topicLength),
        amount: wordIn(bytes, this.#rows.start(row, data), this.#rows.end(row, data)),
      },
    );
  }

  asLog(row: number): Fields {
    const fields = this.#rows.fields(row);
    return {
      logIndex: fields["log_index"],
      address: fields["address"],
      topics: isAbsent(fields["topics"]) ? [] : textOf(fields["topics"]).split(","),
      data: isAbsent(fields["data"]) ? "0x" : fields["data"],
    };
  }
}

function startsWith(bytes: Buffer, start: number, text: Buffer): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[start + at] !== text[at]) return false;
  return true;
}

/** Whether it is a list of topics, the first in lower case and none that means something. */
function isOther(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < topicLength || (end - start > topicLength && bytes[start + topicLength] !== comma)) return false;
  for (let at = start + 2; at < start + topicLength; at += 1) {
    const byte = bytes[at] as number;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
  }
  return !known.some((topic) => startsWith(bytes, start, topic));
}

/** The rows of `token_transfers.csv` of a block. */
export class TokenTransferEvents implements EtlEvents {
  readonly #rows: EtlRows<"tokenTransfers">;
  readonly #addresses: AddressTexts;
  readonly #assets: TokenAssets;

  constructor(rows: EtlRows<"tokenTransfers">, addresses: AddressTexts, assets: TokenAssets) {
    this.#rows = rows;
    this.#addresses = addresses;
    this.#assets = assets;
  }

  group(hashes: readonly string[], of: HashColumn | undefined): readonly (readonly number[] | undefined)[] {
    return groupByHash(this.#rows, hashes, of);
  }

  moves(events: readonly number[]): readonly TokenMove[] | undefined {
    const rows = this.#rows;
    const [index, value] = [rows.column("log_index"), rows.column("value")];
    const found: TokenMove[] = [];
    let before = -1;
    for (const row of events) {
      const place = smallIn(rows.bytes, rows.start(row, index), rows.end(row, index));
      const amount = amountIn(rows.bytes, rows.start(row, value), rows.end(row, value));
      const [from, to] = [this.#address(row, "from_address"), this.#address(row, "to_address")];
      const move = erc20(this.#assets, this.#address(row, "token_address"), { from, to, amount });
      if (place <= before || move === undefined) return undefined;
      before = place;
      found.push(move);
    }
    return found;
  }

  #address(row: number, name: "from_address" | "to_address" | "token_address"): string | undefined {
    const column = this.#rows.column(name);
    return this.#addresses.in(this.#rows.bytes, this.#rows.start(row, column), this.#rows.end(row, column));
  }

  asLog(row: number): Fields {
    return asTransferLog({ fields: this.#rows.fields(row), place: this.#rows.place(row) });
  }
}

/** The event that an ERC-20 token would have logged for a token transfer. */
function asTransferLog({ fields, place }: CsvRow): Fields {
  const word = (digits: string): string => `0x${digits.padStart(64, "0")}`;
  const account = (name: string): string => word(readAddress(fields[name], name, place).slice(2));
  return {
    logIndex: fields["log_index"],
    address: fields["token_address"],
    topics: [eventTopics.transfer, account("from_address"), account("to_address")],
    data: word(readQuantity(fields["value"], "value", place).toString(16)),
  };
}
