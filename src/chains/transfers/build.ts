import type { AssetId } from "../../base/caip.ts";
import { chain as chainNamed, type KnownChain } from "../../base/chains.ts";
import type { FailureData } from "../../base/failure-codes.ts";
import { isFailure } from "../../base/failure.ts";
import { parseAddress, parseTxid } from "../address.ts";
import type { AccountBlock, AccountTransaction, Transfer } from "../block.ts";
import { FieldFault, parseAmount, parseAsset, parseCount, parseTime } from "./fields.ts";
import { column, columns, type Row } from "./row.ts";

/** Why a row is not taken. */
export type RowFault = { readonly column: string; readonly why: string; readonly mend: string };

const rowsMax = 2_000_000;
const cacheMax = 65_536;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for here
const unclean = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/u;
const sortMend = "sort the rows by block, then by index";

/** Gathers rows into blocks, and checks each against those before it. */
export class BlockBuilder {
  readonly #chain: KnownChain;
  readonly #checked: boolean;
  readonly #addresses = new Map<string, string>();
  readonly #assets = new Map<string, AssetId>();
  #height: number;
  #open = false;
  #index = 0;
  #time = 0;
  #transactions: AccountTransaction[] = [];
  #transfers: Transfer[] = [];
  #positions = new Map<string, number>();
  // What the last row said, as written: most rows repeat it.
  #chainText = "";
  #timeText = "";
  #txText = "";
  #txPosition = 0;
  #assetText = "";
  #asset: AssetId;

  constructor(chain: KnownChain, addresses: "checked" | "as-written", height: number) {
    this.#chain = chain;
    this.#checked = addresses === "checked";
    this.#height = height;
    this.#asset = chain.native;
  }

  /** Takes a row; returns the block before it where the row begins a new one, or why it is not taken. */
  add(row: Row): AccountBlock | RowFault | undefined {
    let at: number = column.chain;
    try {
      this.#readChain(row);
      at = column.block;
      const height = count(row, column.block);
      if (height < this.#height || (height === this.#height && !this.#open)) {
        throw new FieldFault(`block ${height} comes after block ${this.#height}`, sortMend);
      }
      const done = height === this.#height ? undefined : this.finish();
      at = column.time;
      this.#readTime(row, height);
      at = column.index;
      const index = count(row, column.index);
      if (this.#open && index < this.#index) {
        throw new FieldFault(`index ${index} comes after index ${this.#index} of the same block`, sortMend);
      }
      this.#open = true;
      this.#height = height;
      this.#index = index;
      for (at = column.tx; at <= column.amount; at += 1) this.#read(row, at);
      this.#keep();
      return done;
    } catch (error) {
      if (error instanceof FieldFault) return this.#fault(row, at, error);
      throw error;
    }
  }

  /** The block that is open; undefined where none is. */
  finish(): AccountBlock | undefined {
    if (!this.#open) return undefined;
    const block: AccountBlock = {
      model: "account",
      chain: this.#chain.id,
      hash: undefined,
      parent: undefined,
      height: this.#height,
      time: this.#time,
      transactions: this.#transactions,
      transfers: this.#transfers,
      internalTransfers: "known", // The list is all there is.
    };
    this.#open = false;
    this.#transactions = [];
    this.#transfers = [];
    this.#positions = new Map();
    this.#txText = "";
    return block;
  }

  #from: string | undefined;
  #to: string | undefined;
  #amount = 0n;

  #read(row: Row, at: number): void {
    if (at === column.tx) this.#readTransaction(row);
    else if (at === column.from) this.#from = this.#readAddress(row, column.from);
    else if (at === column.to) this.#to = this.#readAddress(row, column.to);
    else if (at === column.asset) this.#readAsset(row);
    else if (at === column.amount) {
      const digits = row.digits(column.amount);
      this.#amount = digits >= 0 ? BigInt(digits) : parseAmount(row.text(column.amount));
    }
  }

  #keep(): void {
    if (this.#transfers.length === rowsMax) {
      throw new FieldFault(`block ${this.#height} has over ${rowsMax} rows`, "is the block's number in this column?");
    }
    this.#transfers.push({
      transaction: this.#txPosition,
      position: this.#index,
      kind: this.#to === undefined ? "fee" : this.#asset === this.#chain.native ? "native" : "token",
      asset: this.#asset,
      from: this.#from,
      to: this.#to,
      amount: this.#amount,
    });
  }

  #readChain(row: Row): void {
    if (this.#chainText !== "" && row.is(column.chain, this.#chainText)) return;
    const text = row.text(column.chain);
    const mend = `give a file of ${this.#chain.alias} alone`;
    if (unclean.test(text) || known(text)?.id !== this.#chain.id) {
      throw new FieldFault(`it is not ${this.#chain.alias}, the chain that is read`, mend);
    }
    this.#chainText = text;
  }

  #readTime(row: Row, height: number): void {
    if (this.#open && row.is(column.time, this.#timeText)) return;
    const text = row.text(column.time);
    const time = parseTime(text);
    if (this.#open && time !== this.#time) {
      throw new FieldFault(`block ${height} has rows at different times`, "give all rows of a block the block's time");
    }
    this.#time = time;
    this.#timeText = text;
  }

  #readTransaction(row: Row): void {
    if (this.#txText !== "" && row.is(column.tx, this.#txText)) return;
    const text = row.text(column.tx);
    const id = this.#name(row, text, "tx");
    const position = this.#positions.get(id);
    this.#txText = text;
    this.#txPosition = position ?? this.#transactions.length;
    if (position !== undefined) return;
    this.#positions.set(id, this.#txPosition);
    this.#transactions.push({ id, index: this.#txPosition, failed: false });
  }

  #readAddress(row: Row, at: number): string | undefined {
    if (row.is(at, "")) {
      if (at === column.to && this.#from === undefined) {
        throw new FieldFault("from and to are both empty", "name who paid, or who received");
      }
      return undefined;
    }
    const text = row.text(at);
    if (!this.#checked && this.#chain.family !== "evm") return this.#name(row, text, "address");
    const cached = this.#addresses.get(text);
    if (cached !== undefined) return cached;
    const address = this.#name(row, text, "address");
    if (this.#addresses.size >= cacheMax) this.#addresses.clear();
    this.#addresses.set(text, address);
    return address;
  }

  /** An address or a transaction's id in its canonical form, or as it is written. */
  #name(row: Row, text: string, what: "tx" | "address"): string {
    if (text === "") throw new FieldFault("it is empty", "give each row its transaction's id");
    if (!row.plain && !/^[!-~]+$/u.test(text)) {
      throw new FieldFault("it has blanks or characters outside ASCII", "write it without them");
    }
    if (text.length > 128) throw new FieldFault("it is longer than 128 characters", "is this the right column?");
    const evm = this.#chain.family === "evm";
    if (!this.#checked) return evm ? text.toLowerCase() : text;
    try {
      const canonical = (what === "tx" ? parseTxid : parseAddress)(this.#chain, text);
      return evm ? canonical.toLowerCase() : canonical;
    } catch (error) {
      if (!isFailure(error, "INVALID_VALUE")) throw error;
      throw new FieldFault(
        (error.data as FailureData<"INVALID_VALUE">).why,
        `take the ${what} from the chain's own records`,
      );
    }
  }

  #readAsset(row: Row): void {
    if (this.#assetText !== "" && row.is(column.asset, this.#assetText)) return;
    const text = row.text(column.asset);
    let id = this.#assets.get(text);
    if (id === undefined) {
      if (unclean.test(text)) throw new FieldFault("it has control characters", "write it without them");
      id = parseAsset(this.#chain, text);
      if (this.#assets.size >= cacheMax) this.#assets.clear();
      this.#assets.set(text, id);
    }
    this.#assetText = text;
    this.#asset = id;
  }

  #fault(row: Row, at: number, error: FieldFault): RowFault {
    const text = row.text(at);
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    return { column: columns[at] ?? "", why: `"${shown}": ${error.message}`, mend: error.mend };
  }
}

function count(row: Row, at: number): number {
  const digits = row.digits(at);
  return digits >= 0 ? digits : parseCount(row.text(at));
}

function known(text: string): KnownChain | undefined {
  try {
    return chainNamed(text);
  } catch (error) {
    if (isFailure(error, "UNKNOWN_NAME")) return undefined;
    throw error;
  }
}
