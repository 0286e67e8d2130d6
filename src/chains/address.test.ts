import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { chain, chains } from "../base/chains.ts";
import { addressOf, chainOf, parseAccountId } from "../base/caip.ts";
import { parseAddress, parseChainAddress, parseChainTxid, parseTxid } from "./address.ts";

/** One address and one transaction id of every chain in the list, both canonical. */
const id = "9e2093f9effac889cca5c232932c8eec9a8d4cf6c3ab8c0e9e9304c63565e4dd";
const EVM = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
const SAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  bitcoin: ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", id],
  testnet4: ["tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", id],
  signet: ["mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", id],
  regtest: ["bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", id],
  litecoin: ["LdAdThWd1oEmRbDKBk1o7Ve7hxrLxUPfvo", id],
  dogecoin: ["DP5mjk9SEYtzhnhkkC24PEjxNtDN7JGRx3", id],
  "bitcoin-cash": ["qrzdz534lpzgad7tdmj5decxgq9kczt7dyphxhm7g4", id],
  zcash: ["t1gwwyCfbRMyQdwo8xXrMGDj3ZqVjhsHWTh", id],
  monacoin: ["MHnYTL9e1s8zNR2qzzJ3mMHfgjnUzyMscd", id],
  ripple: ["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", id.toUpperCase()],
  stellar: ["GBM3PJWNB5VKNOFXCDTTNXPMUNBMYTLAAPYDIIKLHUGMKX7ZGN2FNGFU", id],
  nem: ["NC4C6PSUW5CLTDT5SXAGJDQJGZNESKFK5MCN77OG", id],
  tron: ["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", id],
  solana: [
    "CxegPrfn2ge5dNiQberUrQJkHCcimeR4VXkeawcFBBka",
    "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW",
  ],
  eos: ["eosio.token", id],
  sui: [`0x${id}`, "11111111111111111111111111111111"],
  ton: [`0:${id}`, id],
  stacks: ["SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7", `0x${id}`],
};

describe("every chain in the list", () => {
  test.each(chains.map((known) => [known.alias, known] as const))("%s", (alias, known) => {
    const [address, txid] = SAMPLES[alias] ?? [EVM, `0x${id}`];
    expect(parseAddress(known, address)).toBe(address);
    expect(parseTxid(known, txid)).toBe(txid);
    expect(parseChainTxid(`${alias}:${txid}`)).toEqual({ chain: known, txid });
    expect(parseChainTxid(`${known.id}:${txid}`)).toEqual({ chain: known, txid });
    const parsed = parseChainAddress(`${alias}:${address}`);
    expect(parsed).toMatchObject({ chain: known, address });
    expect(parseAccountId(parsed.account)).toBe(parsed.account);
    expect(chainOf(parsed.account)).toBe(known.id);
    expect(addressOf(parsed.account)).toBe(address);
    expect(parseChainAddress(parsed.account)).toEqual(parsed);
    expect(parseChainAddress(`${known.id}:${address}`)).toEqual(parsed);
  });
});

describe("parseChainAddress", () => {
  test("an alias and an address", () =>
    expect(parseChainAddress("ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7")).toMatchObject({
      address: EVM,
      account: `eip155:1:${EVM}`,
    }));
  test("an EVM chain outside the list", () =>
    expect(parseChainAddress(`eip155:59144:${EVM}`)).toMatchObject({ account: `eip155:59144:${EVM}` }));
  test("an address with a colon of its own", () =>
    expect(parseChainAddress("bitcoin-cash:bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a").address).toBe(
      "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    ));
  test.each([
    ["", /no chain/u],
    [EVM, /no chain/u],
    [`:${EVM}`, /unknown chain/u],
    [`etherium:${EVM}`, /did you mean ethereum/u],
    ["ethereum:", /begin with 0x/u],
    ["cosmos:cosmoshub-3:cosmos1t2uflqwqe0fsj0shcfkrvpukewcw40yjj6hdc0", /unknown chain/u],
  ])("%j is refused", (text, reason) => expect(() => parseChainAddress(text)).toThrow(reason));
});

describe("an address of another family's chain", () => {
  test.each([
    ["bitcoin", EVM, "an EVM chain"],
    ["bitcoin", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TRON"],
    ["ethereum", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "Bitcoin"],
    ["tron", EVM, "an EVM chain"],
    ["solana", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "Bitcoin"],
    ["ripple", "LdAdThWd1oEmRbDKBk1o7Ve7hxrLxUPfvo", "Litecoin"],
  ])("%s %s: %s", (alias, text, owner) =>
    expect(() => parseAddress(chain(alias), text)).toThrow(`it is an address of another chain, ${owner}`),
  );
});

// The project's working folder has the research data beside it; a plain checkout does not.
const REGISTER = join(import.meta.dirname, "../../../shared/data/register/incidents.csv");

describe("the register's addresses", () => {
  test("every one is valid on its chain", (context) => {
    if (!existsSync(REGISTER)) return context.skip("../shared/data is not here");
    const rows = parseCsv<Record<string, string>>(readFileSync(REGISTER, "utf8"), { columns: true });
    const list = (text: string | undefined): readonly string[] =>
      (text ?? "").split(";").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
    const tried = (texts: readonly string[], act: (text: string) => unknown): readonly string[] =>
      texts.flatMap((text) => {
        try {
          act(text);
          return [];
        } catch (error) {
          return [String(error)];
        }
      });
    const addresses = rows.flatMap((row) => [...list(row["thief_addresses"]), ...list(row["victim_addresses"])]);
    expect(addresses.length).toBeGreaterThan(180);
    expect(tried(addresses, parseChainAddress)).toEqual([]);
    expect(
      tried(
        rows.flatMap((row) => list(row["theft_txs"])),
        parseChainTxid,
      ),
    ).toEqual([]);
    return undefined;
  });
});
