import type { AccountsTold } from "./accounts-story.ts";
import type { OutputsTold } from "./outputs-story.ts";

export const simulatedIncident = "2024-06-10-simulated-northwind";

type Tagged = readonly [owner: string, label: string, category: string, source: string, confidence: string];

const own = "Fundtrail demonstration (simulated)";
const sanctions = "Simulated sanctions list";
const research = "Simulated researcher's notes";

const onAccounts: readonly Tagged[] = [
  ["Harbour Exchange/hot", "Harbour Exchange", "exchange", own, "high"],
  ["Meridian Exchange/hot", "Meridian Exchange", "exchange", own, "high"],
  ["Northwind Exchange/hot", "Northwind Exchange", "exchange", own, "high"],
  ["Veil Mixer", "Veil Mixer", "mixing_service", own, "high"],
  ["Longspan Bridge", "Longspan Bridge", "defi_bridge", own, "high"],
  ["Quay Pool", "Quay Pool", "defi_dex", own, "high"],
  ["Aldgate Desk", "Aldgate Desk", "sanction", sanctions, "confirmed"],
  ["Harbour Exchange/deposit of thief 2", "Harbour Exchange deposit", "exchange", own, "medium"],
  ["Meridian Exchange/deposit of thief 1", "Meridian Exchange deposit", "exchange", own, "medium"],
  ["Meridian Exchange/deposit of thief 3", "Meridian Exchange deposit", "exchange", own, "medium"],
  ["Harbour Exchange/deposit of thief 0", "Harbour Exchange deposit", "exchange", own, "medium"],
  ["Harbour Exchange/deposit of trader", "Harbour Exchange deposit", "exchange", own, "medium"],
  ["Harbour Exchange/deposit of trader", "Payment processor", "payment_processor", research, "low"],
  ["thief", "Northwind thief", "service_hack", research, "medium"],
];

const onOutputs: readonly Tagged[] = [
  ["Harbour Exchange/hot", "Harbour Exchange", "exchange", own, "high"],
  ["Meridian Exchange/hot", "Meridian Exchange", "exchange", own, "high"],
  ["Tasman Pay/hot", "Tasman Pay", "payment_processor", own, "high"],
  ["Northwind Custody/hot", "Northwind Exchange", "exchange", own, "high"],
  ...[0, 1, 2, 3, 4].flatMap((number): readonly Tagged[] => [
    [`Harbour Exchange/deposit thief ${number}`, "Harbour Exchange deposit", "exchange", own, "medium"],
    [`Meridian Exchange/deposit thief ${number}`, "Meridian Exchange deposit", "exchange", own, "medium"],
  ]),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((mule): Tagged => [
    `Tasman Pay/deposit mule ${mule}`,
    "Tasman Pay deposit",
    "payment_processor",
    own,
    "medium",
  ]),
  ["thief", "Northwind thief", "service_hack", research, "medium"],
];

type AddressOf = (owner: string) => string;

/** Who is who, CSV: a sanctions list, and what others say. Every source says that it is simulated. */
export function tagsText(which: "sanctions" | "others", ofAccounts: AddressOf, ofOutputs: AddressOf): string {
  const lines = ["address,label,category,source,confidence,chain,date"];
  for (const [chain, address, tagged] of [
    ["ethereum", ofAccounts, onAccounts],
    ["bitcoin", ofOutputs, onOutputs],
  ] as const) {
    for (const [owner, label, category, source, confidence] of tagged) {
      if ((source === sanctions) !== (which === "sanctions")) continue;
      lines.push([address(owner), label, category, source, confidence, chain, "2024-07-02"].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The simulated theft, in the register's form. */
export function incidentText(accounts: AccountsTold, outputs: OutputsTold): string {
  const list = (texts: readonly string[]): string => texts.map((text) => `\n    - ${text}`).join("");
  const thefts = [...accounts.thefts.map((txid) => `ethereum:${txid}`), `bitcoin:${outputs.theft}`];
  return `# Made by fundtrail start. Nothing of this happened; it counts in no total.
id: ${simulatedIncident}
simulated: yes
date: 2024-06-10
time: "01:00"
disclosed: 2024-06-11
victim:
  id: simulated-northwind
  name: Northwind Exchange
  kind: exchange
  sector: centralised exchange
  country: {}
stolen:
  - { asset: ETH, amount: 9400 }
  - { asset: USDC, amount: 6200000 }
  - { asset: BTC, amount: 410 }
values: []
techniques:
  - text: "Simulated: keys of the hot wallets were used."
chain:
  theft:${list(thefts)}
  thief:${list([`ethereum:${accounts.address("thief")}`, `bitcoin:${outputs.address("thief")}`])}
  victim:${list([`ethereum:${accounts.address("Northwind Exchange/hot")}`, `bitcoin:${outputs.address("Northwind Custody/hot")}`])}
notes: A simulated theft on simulated chains, to try tracing and screening with.
sources:
  simulated:
    name: Fundtrail's own demonstration; simulated
`;
}
