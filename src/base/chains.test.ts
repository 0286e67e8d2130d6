import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { describe, expect, test } from "vitest";
import {
  arbitrum,
  avalanche,
  base,
  bsc,
  classic,
  fantom,
  gnosis,
  harmonyOne,
  mainnet,
  optimism,
  polygon,
  ronin,
} from "viem/chains";
import { chainOf, parseAssetId, parseChainId, type ChainId } from "./caip.ts";
import { canonicalChainId, chain, chains } from "./chains.ts";

describe("the list of chains", () => {
  test.each(chains.map((known) => [known.alias, known] as const))(
    "%s is well formed and found both ways",
    (alias, known) => {
      expect(parseChainId(known.id)).toBe(known.id);
      expect(parseAssetId(known.native)).toBe(known.native);
      expect(chainOf(known.native)).toBe(known.id);
      expect(chain(alias)).toBe(known);
      expect(chain(known.id)).toBe(known);
    },
  );

  test("no alias and no id stands twice", () => {
    const names = chains.flatMap(({ alias, id }) => [alias, id]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each([
    ["ethereum", mainnet],
    ["bsc", bsc],
    ["polygon", polygon],
    ["arbitrum", arbitrum],
    ["optimism", optimism],
    ["base", base],
    ["avalanche", avalanche],
    ["ethereum-classic", classic],
    ["fantom", fantom],
    ["gnosis", gnosis],
    ["ronin", ronin],
    ["harmony", harmonyOne],
  ])("%s has the chain id that viem knows", (alias, peer) => expect(chain(alias).id).toBe(`eip155:${peer.id}`));

  // Version, previous hash, merkle root, time, bits, nonce; from chainparams.cpp of each.
  const bitcoinRoot = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
  test.each([
    ["bitcoin", { root: bitcoinRoot, time: 1231006505, bits: 0x1d00ffff, nonce: 2083236893 }],
    ["signet", { root: bitcoinRoot, time: 1598918400, bits: 0x1e0377ae, nonce: 52613770 }],
    ["regtest", { root: bitcoinRoot, time: 1296688602, bits: 0x207fffff, nonce: 2 }],
    [
      "testnet4",
      {
        root: "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e",
        time: 1714777860,
        bits: 0x1d00ffff,
        nonce: 393743547,
      },
    ],
    [
      "litecoin",
      {
        root: "97ddfbbae6be97fd6cdf3e7ca13232a3afff2353e29badfab7f73011edd4ced9",
        time: 1317972665,
        bits: 0x1e0ffff0,
        nonce: 2084524493,
      },
    ],
    [
      "dogecoin",
      {
        root: "5b2a3f53f605d62c53e62932dac6925e3d74afa5a4b459745c36d42d0ed26a69",
        time: 1386325540,
        bits: 0x1e0ffff0,
        nonce: 99943,
      },
    ],
    [
      "monacoin",
      {
        root: "35e405a8a46f4dbc1941727aaf338939323c3b955232d0317f8731fe07ac4ba6",
        time: 1388479472,
        bits: 0x1e0ffff0,
        nonce: 1234534,
      },
    ],
  ])("the id of %s is its genesis block's hash", (alias, { root, time, bits, nonce }) => {
    const header = new DataView(new ArrayBuffer(80));
    header.setUint32(0, 1, true);
    new Uint8Array(header.buffer).set(hex.decode(root).toReversed(), 36);
    header.setUint32(68, time, true);
    header.setUint32(72, bits, true);
    header.setUint32(76, nonce, true);
    const hash = hex.encode(sha256(sha256(new Uint8Array(header.buffer))).toReversed());
    expect(chain(alias).id).toBe(`bip122:${hash.slice(0, 32)}`);
  });
});

describe("chain", () => {
  test("any other EVM chain is known by its id", () => {
    expect(chain("eip155:59144")).toEqual({
      id: "eip155:59144",
      alias: "eip155:59144",
      name: "EVM chain 59144",
      family: "evm",
      native: "eip155:59144/slip44:60",
    });
  });

  test.each(["eip155:", "eip155:0", "eip155:01", "eip155:x", "", "cosmos:cosmoshub-3", "Bitcoin", "constructor"])(
    "%j is unknown",
    (text) => expect(() => chain(text)).toThrow(/^unknown chain/u),
  );

  test("an unknown name gets near ones", () => {
    expect(() => chain("etherium")).toThrow(/did you mean ethereum/u);
    expect(() => chain("bitcoincash")).toThrow(/bitcoin-cash/u);
  });

  test("other ids in use lead to the same chain", () => {
    expect(chain("tron:0x2b6653dc").alias).toBe("tron");
    expect(chain("bip122:000000000000000000b15ad892af8f6a").alias).toBe("bitcoin-cash");
    expect(canonicalChainId("tron:0x2b6653dc" as ChainId)).toBe("tron:728126428");
    expect(canonicalChainId("cosmos:cosmoshub-3" as ChainId)).toBe("cosmos:cosmoshub-3");
  });
});
