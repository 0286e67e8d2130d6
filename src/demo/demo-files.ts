import { tellAccounts } from "./accounts-story.ts";
import { simulatedDays } from "./clock.ts";
import { diceOf } from "./dice.ts";
import { tellOutputs } from "./outputs-story.ts";
import { incidentText, simulatedIncident, tagsText } from "./texts.ts";

/** SHA-256 of the files as JSON, by which a ledger made of others is known; a test holds it against them. */
export const demoDigest = "ce1d83ccea513c1192eed9012a5942b7744c9a8358dfdd85aabfb6516c3e1539";

/** The files of the demonstration by their names: two chains, tags, and a register with a theft and prices. */
export type DemoFiles = {
  readonly accounts: { readonly chain: "ethereum"; readonly name: string; readonly text: string };
  readonly outputs: { readonly chain: "bitcoin"; readonly name: string; readonly text: string };
  readonly tags: readonly { readonly name: string; readonly text: string }[];
  /** Relative to the register's folder. */
  readonly register: readonly { readonly name: string; readonly text: string }[];
};

/**
 * Makes a small simulated world: the same files each time. Nobody in it exists.
 *
 * Cost: a third of a second; about 6,000 transactions.
 */
export function demoFiles(): DemoFiles {
  const [accounts, outputs] = [tellAccounts(), tellOutputs()];
  return {
    accounts: { chain: "ethereum", name: "ethereum-transfers.csv", text: accounts.text },
    outputs: { chain: "bitcoin", name: "bitcoin-blocks.json", text: outputs.text },
    tags: [
      { name: "simulated-sanctions.csv", text: tagsText("sanctions", accounts.address, outputs.address) },
      { name: "simulated-tags.csv", text: tagsText("others", accounts.address, outputs.address) },
    ],
    register: [
      { name: `incidents/${simulatedIncident}.yaml`, text: incidentText(accounts, outputs) },
      { name: "prices/simulated.csv", text: pricesText() },
    ],
  };
}

/** A price of each day; it wanders by at most a fiftieth a day. */
function pricesText(): string {
  const dice = diceOf("prices");
  const lines = ["asset,at,usd,kind,source"];
  const cents = new Map([
    ["BTC", 6_712_000],
    ["ETH", 345_000],
  ]);
  for (const day of simulatedDays()) {
    for (const [asset, before] of cents) {
      const span = (before - (before % 50)) / 50;
      const now = before - span + dice.below(span * 2 + 1);
      cents.set(asset, now);
      lines.push(`${asset},${day},${(now - (now % 100)) / 100}.${String(now % 100).padStart(2, "0")},stated,simulated`);
    }
    lines.push(`USDC,${day},1.00,stated,simulated`);
  }
  return `${lines.join("\n")}\n`;
}
