/** A log as a contract emits it; data is hexadecimal without `0x`. */
export type EvmLog = { readonly address: string; readonly topics: readonly string[]; readonly data: string };

/** Sources: ERC-20, ERC-721, ERC-1155, WETH9: keccak-256 of each event's signature. */
export const topics = {
  /** `Transfer(address,address,uint256)` */
  transfer: "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
  /** `TransferSingle(address,address,address,uint256,uint256)` */
  transferSingle: "0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62",
  /** `TransferBatch(address,address,address,uint256[],uint256[])` */
  transferBatch: "0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb",
  /** `Deposit(address,uint256)` */
  deposit: "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c",
  /** `Withdrawal(address,uint256)` */
  withdrawal: "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65",
} as const;

/** The contract that wraps ether. */
export const WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2";
/** From whom a token is minted, to whom it is burnt. */
export const ZERO = `0x${"0".repeat(40)}`;

const word = (value: bigint | number): string => value.toString(16).padStart(64, "0");
const addressTopic = (address: string): string => `0x${address.slice(2).padStart(64, "0")}`;

export function erc20Transfer(token: string, from: string, to: string, amount: bigint): EvmLog {
  return { address: token, topics: [topics.transfer, addressTopic(from), addressTopic(to)], data: word(amount) };
}

/** As ERC-20's, but the token's number is a topic too. */
export function erc721Transfer(token: string, from: string, to: string, id: bigint): EvmLog {
  const parts = [topics.transfer, addressTopic(from), addressTopic(to), `0x${word(id)}`];
  return { address: token, topics: parts, data: "" };
}

/** Who sends to whom; in ERC-1155 the sender himself is the operator here. */
type Ends = { readonly from: string; readonly to: string };

export function erc1155Single(token: string, { from, to }: Ends, id: bigint, amount: bigint): EvmLog {
  const parts = [topics.transferSingle, addressTopic(from), addressTopic(from), addressTopic(to)];
  return { address: token, topics: parts, data: word(id) + word(amount) };
}

export function erc1155Batch(
  token: string,
  { from, to }: Ends,
  items: readonly (readonly [id: bigint, amount: bigint])[],
): EvmLog {
  const parts = [topics.transferBatch, addressTopic(from), addressTopic(from), addressTopic(to)];
  const lists = [items.map(([id]) => id), items.map(([, amount]) => amount)];
  const second = 64 + 32 + items.length * 32;
  const data =
    [64, second].map(word).join("") + lists.map((list) => word(list.length) + list.map(word).join("")).join("");
  return { address: token, topics: parts, data };
}

export function wethDeposit(account: string, amount: bigint): EvmLog {
  return { address: WETH, topics: [topics.deposit, addressTopic(account)], data: word(amount) };
}

export function wethWithdrawal(account: string, amount: bigint): EvmLog {
  return { address: WETH, topics: [topics.withdrawal, addressTopic(account)], data: word(amount) };
}
