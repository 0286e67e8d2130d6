import { describe, expect, it } from "vitest";
import { parseTransfers } from "../../src/chains/transfers/rows.ts";
import { chain as knownChain } from "../../src/base/chains.ts";
import { theftOnChain } from "../../src/trace/theft/theft-on-chain.ts";
import type { TheftParties, TheftTransaction } from "../../src/trace/theft/theft-transaction.ts";
import { withLedger } from "./ledger-of.ts";

const ethereum = knownChain("ethereum");
const party = (name: string): string => `0x${Buffer.from(name).toString("hex").padEnd(40, "0")}`;
const txid = `0x${"ab".repeat(32)}`;

/** What a transaction of these moves took; a move is `from to amount asset?`. */
async function taken(moves: readonly string[], parties: Partial<TheftParties> = {}): Promise<TheftTransaction> {
  const rows = moves.map((move, index) => {
    const [from = "", to = "", amount = "", asset = "ETH"] = move.split(" ");
    const side = (name: string): string => (name === "-" ? "" : party(name));
    const of = asset === "ETH" ? "ETH" : `eip155:1/erc20:${party(asset)}`;
    return `ethereum,1,2020-01-01T00:00:00Z,${txid},${index},${side(from)},${side(to)},${of},${amount}`;
  });
  const text = `chain,block,time,tx,index,from,to,asset,amount\n${rows.join("\n")}\n`;
  const blocks = [];
  const options = { source: "test", addresses: "checked", resume: undefined } as const;
  for await (const { block } of parseTransfers(bytes(text), ethereum, options)) blocks.push(block);
  const named = {
    victims: (parties.victims ?? []).map(party),
    thieves: (parties.thieves ?? []).map(party),
  };
  return withLedger(blocks, 1, (reader) => {
    const { found, missing } = theftOnChain(reader, [txid, `0x${"cd".repeat(32)}`], named);
    expect(missing).toEqual([`0x${"cd".repeat(32)}`]);
    return found[0] as TheftTransaction;
  });
}

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Promise.resolve(new TextEncoder().encode(text));
}

const eth = ethereum.native;
const sums = ({ rule, rows, taken: took, paidAway }: TheftTransaction): object => ({
  rule,
  rows,
  taken: Object.fromEntries(took),
  paidAway: Object.fromEntries(paidAway),
});

describe("what a transaction took on a chain of accounts", () => {
  it("is what a named victim paid others, less nothing that he keeps", async () => {
    const moves = ["victim - 1", "victim thief 100", "victim hot 30", "other thief 7"];
    expect(sums(await taken(moves, { victims: ["victim", "hot"] }))).toEqual({
      rule: "victim",
      rows: [1],
      taken: { [eth]: 100n },
      paidAway: {},
    });
  });

  it("is what a named thief received, less what he paid of it in the same transaction", async () => {
    const moves = ["lender thief 500", "pool thief 600", "thief lender 501", "mint thief 5 gold"];
    expect(sums(await taken(moves, { thieves: ["thief"] }))).toEqual({
      rule: "thief",
      rows: [0, 1, 3],
      taken: { [eth]: 1_100n, [`eip155:1/erc20:${party("gold")}`]: 5n },
      paidAway: { [eth]: 501n },
    });
  });

  it("is what came to others than those who paid, where nobody is named; what passes through counts once", async () => {
    expect(sums(await taken(["payer - 1", "payer router 100", "router end 100"]))).toEqual({
      rule: "others",
      rows: [2],
      taken: { [eth]: 100n },
      paidAway: {},
    });
    // A mint takes as well; a burn gives to nobody.
    expect(sums(await taken(["- thief 9 gold", "payer - 4 gold"]))).toMatchObject({
      rows: [0],
      taken: { [`eip155:1/erc20:${party("gold")}`]: 9n },
    });
  });
});
