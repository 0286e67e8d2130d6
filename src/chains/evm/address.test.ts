import { hex } from "@scure/base";
import { assert, constantFrom, nat, property, uint8Array } from "fast-check";
import { getAddress } from "viem";
import { describe, expect, test } from "vitest";
import { chain } from "../../base/chains.ts";
import { parseAddress, parseTxid } from "./address.ts";

const ethereum = chain("ethereum");

// EIP-55, "Test Cases".
const VECTORS = [
  "0x52908400098527886E0F7030069857D2E4169EE7",
  "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
  "0xde709f2102306220921060314715629080e2fb77",
  "0x27b1fdb04752bbc536007a920d24acb045561c26",
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
  "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
];

describe("parseAddress", () => {
  test.each(VECTORS)("%s is canonical, from any case", (text) => {
    const digits = text.slice(2);
    for (const written of [
      text,
      `0x${digits.toLowerCase()}`,
      `0x${digits.toUpperCase()}`,
      `0X${digits.toUpperCase()}`,
    ]) {
      expect(parseAddress(ethereum, written)).toBe(text);
    }
  });

  test("it writes what viem writes", () => {
    assert(
      property(uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const text = `0x${hex.encode(bytes)}` as const;
        expect(parseAddress(ethereum, text)).toBe(getAddress(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("no letter of changed case is taken, unless none or all are capitals", () => {
    assert(
      property(constantFrom(...VECTORS), nat(39), (text, index) => {
        const place = index + 2;
        const letter = text.charAt(place);
        const swapped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
        const changed = text.slice(0, place) + swapped + text.slice(place + 1);
        const digits = changed.slice(2);
        if (swapped === letter || digits === digits.toLowerCase() || digits === digits.toUpperCase()) return;
        expect(() => parseAddress(ethereum, changed)).toThrow(/EIP-55 checksum is wrong/u);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["", "begin with 0x"],
    ["52908400098527886E0F7030069857D2E4169EE7", "begin with 0x"],
    ["0x52908400098527886E0F7030069857D2E4169EE", "39 digits"],
    ["0x52908400098527886E0F7030069857D2E4169EE77", "41 digits"],
    ["0x52908400098527886E0F7030069857D2E4169EEG", "hexadecimal"],
    ["0x52908400098527886E0F7030069857D2E4169EE7 ", "hexadecimal"],
    ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "begin with 0x"],
  ])("%j is refused: %s", (text, reason) => expect(() => parseAddress(ethereum, text)).toThrow(reason));

  test("an EVM chain outside the list has the same addresses", () =>
    expect(parseAddress(chain("eip155:59144"), VECTORS[4]?.toLowerCase() ?? "")).toBe(VECTORS[4]));
  test("a chain of another family is a bug", () =>
    expect(() => parseAddress(chain("bitcoin"), VECTORS[0] ?? "")).toThrow(/family bitcoin/u));
});

describe("parseTxid", () => {
  const id = "0xca4e0aa223e3190ab477efb25617eff3a42af7bdb29cdb7dc9e7935ea88626b4";
  test("0x and 64 digits, lowered", () => expect(parseTxid(ethereum, id.toUpperCase())).toBe(id));
  test.each([id.slice(2), `${id}0`, ""])("%j is refused", (text) =>
    expect(() => parseTxid(ethereum, text)).toThrow(/0x and 64 hexadecimal/u),
  );
});
