/** A node's JSON-RPC, as sources use it; `io/` has the real one over HTTP. */
export type RpcClient = {
  /** The node's address without credentials, for messages. */
  readonly name: string;
  /** Bytes of all its answers so far, unpacked where they came packed. */
  readonly received: () => number;
  /**
   * Sends requests, in batches and side by side as far as the node bears.
   *
   * @returns The JSON text of each `result`, in the order of the requests; as text, so that no amount passes through a
   *   float.
   * @throws {Failure} `SOURCE_UNAVAILABLE` where the node does not answer after several tries; `SOURCE_REFUSED` where it
   *   answers with an error, with the node's words; `SOURCE_INVALID` where the answers do not fit the requests.
   */
  send(requests: readonly RpcRequest[]): Promise<readonly string[]>;
};

export type RpcRequest = { readonly method: string; readonly params: readonly unknown[] };
