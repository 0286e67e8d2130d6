import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paths, placeOf, withQuery } from "./routes.ts";

describe("routes", () => {
  it("lead to their page", () => {
    const pages = {
      "/": "losses",
      "/losses": "losses",
      "/losses/": "losses",
      "/incidents/2018-01-25-coincheck": "incident",
      "/screen/S-1": "screening",
      "/address/bitcoin/1A1zP1": "address",
      "/tx/ethereum/0xab": "transaction",
      "/clusters/c-1": "cluster",
      "/nothing": "missing",
      "/incidents/a/b": "missing",
      "/address/bitcoin": "missing",
      "/address/bitcoin/%E0%A4%A": "missing",
    };
    expect(Object.fromEntries(Object.keys(pages).map((path) => [path, placeOf(path).page]))).toEqual(pages);
  });

  it("give back whatever a path is made from", () => {
    const part = fc
      .string({ minLength: 1, unit: "grapheme" })
      .filter((text) => text.trim() !== "" && text !== "." && text !== "..");
    fc.assert(
      fc.property(part, part, (chain, address) => {
        // As a browser would take it.
        const { pathname } = new URL(paths.address(chain, address), "http://127.0.0.1");
        expect(placeOf(pathname)).toEqual({ page: "address", params: { chain, address } });
      }),
    );
  });

  it("leave out what is not asked", () => {
    expect(withQuery("/trace", { incident: "a b&c", origin: undefined, q: "" })).toBe("/trace?incident=a+b%26c");
    expect(withQuery("/trace", {})).toBe("/trace");
  });
});
