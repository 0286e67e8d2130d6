import type { ChainId } from "../../base/caip.ts";

/**
 * The contract that wraps a chain's native asset as a token, in the manner of WETH9; undefined where none is known.
 *
 * Source: each chain's own documentation and the WETH9 tables of Uniswap's and Sushi's SDKs (`@uniswap/sdk-core`,
 * `@sushiswap/core-sdk` `WNATIVE_ADDRESS`); Ronin: Sky Mavis, contracts of Katana; Ethereum Classic: etcswap/tokens.
 */
export function wrappedNative(chain: ChainId): string | undefined {
  return contracts.get(chain);
}

const contracts: ReadonlyMap<string, string> = new Map([
  ["eip155:1", "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"], // WETH.
  ["eip155:10", "0x4200000000000000000000000000000000000006"], // WETH, a predeploy of the OP Stack.
  ["eip155:56", "0xbb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c"], // WBNB.
  ["eip155:61", "0x1953cab0e5bfa6d4a9bad6e05fd46c1cc6527a5a"], // WETC.
  ["eip155:100", "0xe91d153e0b41518a2ce8dd3d7944fa863463a97d"], // WXDAI.
  ["eip155:128", "0x5545153ccfca01fbd7dd11c0b23ba694d9509a6f"], // WHT.
  ["eip155:137", "0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270"], // WMATIC, now WPOL.
  ["eip155:250", "0x21be370d5312f44cb42ce377bc9b8a0cef1a4c83"], // WFTM.
  ["eip155:2020", "0xe514d9deb7966c8be0ca922de8a064264ea6bcd4"], // WRON.
  ["eip155:8453", "0x4200000000000000000000000000000000000006"], // WETH, a predeploy of the OP Stack.
  ["eip155:42161", "0x82af49447d8a07e3bd95bd0d56f35241523fbab1"], // WETH.
  ["eip155:43114", "0xb31f66aa3c1e785363f0875a1b74e27b85fd66c7"], // WAVAX.
  ["eip155:1666600000", "0xcf664087a5bb0237a0bad6742852ec6c8d69a27a"], // WONE.
]);
