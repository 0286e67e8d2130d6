import { formatDecimal } from "../../base/decimal.ts";
import { groupDigits } from "../../base/usd.ts";
import type { Register } from "../../incidents/register.ts";
import { LedgerReader } from "../../ledger/reader.ts";
import { openLmdbStore } from "../../store/lmdb-store.ts";
import { isoTime } from "../../trace/output/json.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { verifyIncident, type Verification } from "../../trace/verify-incident.ts";
import { required, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { findIncident } from "../register.ts";
import { textTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { chosenChain } from "../trace-options.ts";
import { amountText } from "../trace-text.ts";

/** `fundtrail incident verify ID --ledger DIR`: what really left the victim, beside what the register says. */
export async function verify(register: Register, id: string, options: Arguments, terminal: Terminal): Promise<number> {
  const found = findIncident(register, id);
  const folder = required(options, "ledger", "DIR");
  const store = openLmdbStore(folder, { mode: "read" });
  try {
    const reader = new LedgerReader(store, folder);
    try {
      const chain = chosenChain(reader, options.text("chain"), folder);
      const verified = verifyIncident(chain, found, priceRule(register.prices));
      terminal.out(options.flag("json") ? jsonText(json(verified)) : text(verified, terminal));
      return 0;
    } finally {
      reader.close();
    }
  } finally {
    await store.close();
  }
}

function json({ assets, origins, notes }: Verification): object {
  return {
    assets: assets.map(({ asset, onChain, register, offPerMille, usdCents }) => ({
      asset,
      onChain: String(onChain),
      register: register === undefined ? null : String(register),
      offPerMille: offPerMille === undefined ? null : String(offPerMille),
      usd: usdCents === undefined ? null : dollars(usdCents),
    })),
    transfers: origins.map(({ ref, address, asset, amount, height, time }) => ({
      ref,
      address,
      asset,
      amount: String(amount),
      block: height,
      time: isoTime(time),
    })),
    notes,
  };
}

function text({ assets, origins, notes }: Verification, terminal: Terminal): string {
  const columns = [
    { title: "Left the victim", align: "right" },
    { title: "By the register", align: "right" },
    { title: "Off", align: "right" },
    { title: "Worth then", align: "right" },
  ] as const;
  const rows = assets.map(({ asset, onChain, register, offPerMille, usdCents }) => [
    amountText(onChain, asset),
    register === undefined ? "not itemised" : amountText(register, asset),
    offPerMille === undefined ? "" : percent(offPerMille),
    usdCents === undefined ? "price unknown" : `$${groupDigits(dollars(usdCents).split(".")[0] ?? "")}`,
  ]);
  const count = `${origins.length} ${origins.length === 1 ? "output or transfer" : "outputs or transfers"} counted.\n`;
  return textTable({ columns, rows, totals: 0 }, terminal) + count + notes.map((note) => `${note}\n`).join("");
}

function dollars(cents: bigint): string {
  return formatDecimal({ digits: cents, scale: 2 });
}

function percent(perMille: bigint): string {
  const digits = String(perMille < 0n ? -perMille : perMille).padStart(2, "0");
  return `${perMille < 0n ? "-" : "+"}${digits.slice(0, -1)}.${digits.slice(-1)}%`;
}
