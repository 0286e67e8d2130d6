import type { AssetId, ChainId } from "../base/caip.ts";

/**
 * What a decoder makes of a chain's own form: plain records, in the chain's order.
 *
 * A block of outputs and spends (Bitcoin family) is columnar, since it is the hot path of ingestion: one object a block,
 * a typed array a column. A block of transfers (accounts) is a list of plain objects.
 */
export type Block = UtxoBlock | AccountBlock;

/**
 * A block of a chain whose transactions spend outputs.
 *
 * Hashes are in the chain's internal byte order (reversed, they are what explorers print). Transaction `t` has the
 * inputs `inputStart[t]` up to `inputStart[t + 1]`, likewise the outputs.
 */
export type UtxoBlock = {
  readonly model: "utxo";
  readonly chain: ChainId;
  readonly hash: Uint8Array;
  readonly parent: Uint8Array;
  /** Undefined where the form does not tell (a raw block): whoever knows the parent's height knows this one's. */
  readonly height: number | undefined;
  /** The header's time stamp, unix seconds. */
  readonly time: number;
  readonly transactionCount: number;
  /** 32 bytes a transaction. */
  readonly txids: Uint8Array;
  readonly inputStart: Uint32Array;
  readonly outputStart: Uint32Array;
  /** 32 bytes an input: the transaction whose output it spends; zeros in a coinbase. */
  readonly spentTxids: Uint8Array;
  /** An input's output index within that transaction; 0xffffffff in a coinbase. */
  readonly spentIndexes: Uint32Array;
  /** What is known of spent outputs (undo files, RPC prevouts), in the order of inputs; undefined where nothing is. */
  readonly spent: SpentOutputs | undefined;
  /** Base units. */
  readonly values: BigUint64Array;
  readonly owners: Owners;
};

/** Values and owners of spent outputs by input; a coinbase input has value 0 and the owner kind `none`. */
export type SpentOutputs = { readonly values: BigUint64Array; readonly owners: Owners };

/** Who may spend each output: a kind, and 32 bytes of identity (shorter ones are followed by zeros). */
export type Owners = { readonly kinds: Uint8Array; readonly identities: Uint8Array };

/**
 * What an owner's identity is. P2PK and P2PKH of one key are one owner. A script that is no standard one keeps an
 * identity of its own, the SHA-256 of the script.
 */
export const ownerKinds = {
  /** No owner: an input of a coinbase, or an output that nobody can spend (OP_RETURN). */
  none: 0,
  /** HASH160 of a public key: P2PKH and P2PK, 20 bytes. */
  key: 1,
  /** P2SH, 20 bytes. */
  script: 2,
  /** Witness version 0 program of 20 bytes: P2WPKH. */
  witnessKey: 3,
  /** Witness version 0 program of 32 bytes: P2WSH. */
  witnessScript: 4,
  /** Witness version 1 program of 32 bytes: P2TR. */
  taproot: 5,
  /** Bare multisig: SHA-256 of the script, 32 bytes. */
  multisig: 6,
  /** Any other script: SHA-256 of it, 32 bytes. */
  other: 7,
  /** OP_HASH256, a hash of 32 bytes, OP_EQUAL: P2SH on Bitcoin Cash since 2023; a script like any other elsewhere. */
  longScript: 8,
} as const;
export type OwnerKind = (typeof ownerKinds)[keyof typeof ownerKinds];

/** A block of a chain with accounts. */
export type AccountBlock = {
  readonly model: "account";
  readonly chain: ChainId;
  /** Undefined where the form does not tell (a list of transfers). */
  readonly hash: string | undefined;
  readonly parent: string | undefined;
  readonly height: number;
  /** Unix seconds. */
  readonly time: number;
  /** In the block's order. */
  readonly transactions: readonly AccountTransaction[];
  /**
   * In ledger order, the order in which they are applied: by transaction and within it by position, and last what the
   * block itself credits. A transfers file has its own order, that of its rows.
   */
  readonly transfers: readonly Transfer[];
  /** Whether value moved inside transactions (traces) is among the transfers. */
  readonly internalTransfers: "known" | "unknown";
};

export type AccountTransaction = {
  readonly id: string;
  /** Its index within the block. */
  readonly index: number;
  /** A failed transaction moves its fee only. */
  readonly failed: boolean;
};

/** One asset from one account to another. */
export type Transfer = {
  /** Position in `transactions`; -1 for what the block itself credits (withdrawals, block rewards). */
  readonly transaction: number;
  /** What a reference names it by, `TXID:POSITION`: its order within the transaction, fee first; a row's own index. */
  readonly position: number;
  readonly kind: TransferKind;
  readonly asset: AssetId;
  /** Undefined: minted, or credited by the protocol. */
  readonly from: string | undefined;
  /** Undefined: burnt, or paid as a fee. */
  readonly to: string | undefined;
  /** Base units; 1 for a non-fungible token. */
  readonly amount: bigint;
};

export type TransferKind = "fee" | "native" | "internal" | "token" | "wrap" | "credit";
