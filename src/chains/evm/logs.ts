import type { AssetId, ChainId } from "../../base/caip.ts";
import { wrappedNative } from "./wrapped.ts";

/** An event as a receipt tells it; hexadecimal digits in lower case. */
export type EvmLog = {
  /** Its index within the block. */
  readonly index: number;
  readonly contract: string;
  /** With 0x. */
  readonly topics: readonly string[];
  /** Without 0x. */
  readonly data: string;
};

/** A token that moved, by an event. */
export type TokenMove = {
  readonly kind: "token" | "wrap";
  readonly asset: AssetId;
  /** Undefined: minted. */
  readonly from: string | undefined;
  /** Undefined: burnt. */
  readonly to: string | undefined;
  readonly amount: bigint;
};

/** What events say, and the indexes of those that are named as a transfer and are not made as one. */
export type TokenMoves = { readonly moves: readonly TokenMove[]; readonly odd: readonly number[] };

/** keccak-256 of an event's signature; a test computes each anew. */
export const eventTopics = {
  /** ERC-20 and ERC-721: Transfer(address,address,uint256). */
  transfer: "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
  /** ERC-1155: TransferSingle(address,address,address,uint256,uint256). */
  single: "0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62",
  /** ERC-1155: TransferBatch(address,address,address,uint256[],uint256[]). */
  batch: "0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb",
  /** WETH9: Deposit(address,uint256). */
  deposit: "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c",
  /** WETH9: Withdrawal(address,uint256). */
  withdrawal: "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65",
} as const;

/**
 * The tokens that a transaction's events move, in the order of the log.
 *
 * ERC-20: three topics and 32 bytes. ERC-721: four topics and no data; amount 1, asset `…/erc721:CONTRACT/ID`. ERC-1155:
 * by the ABI, each array within the data; asset `…/erc1155:CONTRACT/ID`. Deposit and Withdrawal count on the chain's known
 * wrapped native contract alone, as a mint to and a burn from the account (kind `wrap`); where the same contract also logs
 * a Transfer of that amount from or to the zero address in the transaction, the two are one, and the Transfer is left out.
 * An event that has a transfer's name and not its form (the
 * unindexed Transfer of CryptoKitties, an address with bits above 160) moves nothing and is listed as odd: nobody can know
 * what it means. The zero address is nobody. Whether the contract tells the truth is not known: an event is its claim.
 *
 * Source: ERC-20, ERC-721, ERC-1155 "Events"; Solidity ABI specification, "Events" and "Use of Dynamic Types"; WETH9
 * Cost: linear in the data.
 */
export function tokenMoves(chain: ChainId, logs: readonly EvmLog[]): TokenMoves {
  const found = logs.map((log) => movesOf(chain, log));
  const odd = logs.filter((_, at) => found[at] === undefined).map(({ index }) => index);
  const moves = found.flatMap((one) => one ?? []);
  return { moves: moves.some(({ kind }) => kind === "wrap") ? withoutDoubles(moves) : moves, odd };
}

/** Leaves out, for each wrap, one token move of the same asset, account and amount. */
function withoutDoubles(moves: readonly TokenMove[]): readonly TokenMove[] {
  const key = ({ asset, from, to, amount }: TokenMove): string => `${asset} ${from ?? ""} ${to ?? ""} ${amount}`;
  const wraps = new Map<string, number>();
  for (const one of moves) if (one.kind === "wrap") wraps.set(key(one), (wraps.get(key(one)) ?? 0) + 1);
  return moves.filter((one) => {
    const left = one.kind === "wrap" ? 0 : (wraps.get(key(one)) ?? 0);
    if (left > 0) wraps.set(key(one), left - 1);
    return left === 0;
  });
}

function movesOf(chain: ChainId, log: EvmLog): readonly TokenMove[] | undefined {
  switch (log.topics[0]) {
    case eventTopics.transfer:
      return transfer(chain, log);
    case eventTopics.single:
      return multiple(chain, log, pairOf(log.data));
    case eventTopics.batch:
      return multiple(chain, log, pairsOf(log.data));
    case eventTopics.deposit:
    case eventTopics.withdrawal:
      return log.contract === wrappedNative(chain) ? wrap(chain, log) : [];
    default:
      return [];
  }
}

function transfer(chain: ChainId, { contract, topics, data }: EvmLog): readonly TokenMove[] | undefined {
  const [from, to] = [accountOf(topics[1]), accountOf(topics[2])];
  if (from === undefined || to === undefined) return undefined;
  if (topics.length === 3 && data.length === 64) {
    const asset = `${chain}/erc20:${contract}` as AssetId;
    return move({ kind: "token", asset, from, to, amount: BigInt(`0x${data}`) });
  }
  if (topics.length !== 4 || data !== "") return undefined;
  const asset = `${chain}/erc721:${contract}/${BigInt(topics[3] ?? "")}` as AssetId;
  return move({ kind: "token", asset, from, to, amount: 1n });
}

type Pair = readonly [id: bigint, amount: bigint];

function multiple(
  chain: ChainId,
  { contract, topics }: EvmLog,
  pairs: readonly Pair[] | undefined,
): readonly TokenMove[] | undefined {
  const [from, to] = [accountOf(topics[2]), accountOf(topics[3])];
  if (topics.length !== 4 || from === undefined || to === undefined || pairs === undefined) return undefined;
  const moves = pairs.map(([id, amount]) =>
    move({ kind: "token", asset: `${chain}/erc1155:${contract}/${id}` as AssetId, from, to, amount }),
  );
  return moves.includes(undefined) ? undefined : moves.flatMap((one) => one ?? []);
}

function wrap(chain: ChainId, { contract, topics, data }: EvmLog): readonly TokenMove[] | undefined {
  const account = accountOf(topics[1]);
  if (topics.length !== 2 || data.length !== 64 || account === undefined) return undefined;
  const asset = `${chain}/erc20:${contract}` as AssetId;
  const ends = topics[0] === eventTopics.deposit ? { from: zero, to: account } : { from: account, to: zero };
  return move({ kind: "wrap", asset, ...ends, amount: BigInt(`0x${data}`) });
}

const zero = `0x${"0".repeat(40)}`;

type Ends = { readonly from: string; readonly to: string };

/** The move with nobody for the zero address; undefined where both ends are it. */
function move(ends: Omit<TokenMove, "from" | "to"> & Ends): readonly TokenMove[] | undefined {
  const { from, to } = ends;
  if (from === zero && to === zero) return undefined;
  return [{ ...ends, from: from === zero ? undefined : from, to: to === zero ? undefined : to }];
}

/** The address in a word; undefined where the word is missing or has bits above 160. */
function accountOf(topic: string | undefined): string | undefined {
  return topic?.startsWith(`0x${"0".repeat(24)}`) === true ? `0x${topic.slice(26)}` : undefined;
}

const word = 64; // Digits.

function pairOf(data: string): readonly Pair[] | undefined {
  if (data.length !== 2 * word) return undefined;
  return [[BigInt(`0x${data.slice(0, word)}`), BigInt(`0x${data.slice(word)}`)]];
}

function pairsOf(data: string): readonly Pair[] | undefined {
  const [ids, amounts] = [arrayAt(data, 0), arrayAt(data, 1)];
  if (ids === undefined || amounts === undefined || ids.length !== amounts.length) return undefined;
  return ids.map((id, at) => [id, amounts[at] ?? 0n]);
}

/** The array of uint256 to which the head's n-th word points; undefined where any of it lies outside the data. */
function arrayAt(data: string, head: number): readonly bigint[] | undefined {
  const start = smallWord(data, head * word);
  if (start === undefined) return undefined;
  const length = smallWord(data, start * 2);
  if (length === undefined || start * 2 + (length + 1) * word > data.length) return undefined;
  return Array.from({ length }, (_, at) => {
    const begin = start * 2 + (at + 1) * word;
    return BigInt(`0x${data.slice(begin, begin + word)}`);
  });
}

/** A word as a number of bytes or entries; undefined where it lies outside the data or exceeds its length. */
function smallWord(data: string, at: number): number | undefined {
  if (at + word > data.length) return undefined;
  const value = BigInt(`0x${data.slice(at, at + word)}`);
  return value <= BigInt(data.length) ? Number.parseInt(value.toString(), 10) : undefined;
}
