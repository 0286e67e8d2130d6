import { formatDecimal, type Decimal } from "../base/decimal.ts";
import { absUsd, formatHeadline, formatUsd, groupDigits } from "../base/usd.ts";
import { stolenText } from "../trace/output/verification-json.ts";
import type { VerifiedAsset, Verification } from "../trace/theft/verify.ts";
import { amountText } from "./amount-text.ts";
import { plainText, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const left = (title: string): { title: string; align: "left" } => ({ title, align: "left" });
const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });

/** A verification as text: what left the victim, beside the register's figures, and what could not be looked at. */
export function verificationText(verification: Verification, terminal: Terminal): string {
  const { chains, elsewhere, assets, unseen } = verification;
  const found = chains.reduce((sum, one) => sum + one.found.length, 0);
  const missing = chains.reduce((sum, one) => sum + one.missing.length, 0);
  const other = elsewhere.reduce((sum, { txids }) => sum + txids.length, 0);
  const all = found + missing + other;
  const lines = [
    `${verification.incident}: ${groupDigits(String(found))} of ${groupDigits(String(all))} theft transactions found in ` +
      "the ledger.\n",
    assets.length === 0 ? "" : assetsTable(assets, terminal),
    valueLine(verification),
    ...chains
      .filter((one) => one.missing.length > 0)
      .map(
        (one) =>
          `Not in the ledger of ${one.chain.alias}: ${some(one.missing)}. What these took is not known, and not 0.\n`,
      ),
    ...elsewhere.map(({ chain, txids }) => `The ledger holds no ${chain.alias}: ${some(txids)} not looked at.\n`),
    ...chains
      .filter((one) => one.internalUnknown > 0)
      .map(
        (one) =>
          `Transfers inside transactions are not known in ${groupDigits(String(one.internalUnknown))} blocks of ` +
          `${one.chain.alias}: what left by them is not counted.\n`,
      ),
    ...unseen.map(({ item, why }) => `In the register, not verified: ${plainText(stolenText(item))}; ${why}.\n`),
    ...rulesLines(verification),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

function assetsTable(assets: readonly VerifiedAsset[], terminal: Terminal): string {
  const rows = assets.map(({ asset, onChain, registered, difference, usd, unpriced, prices }) => [
    amountText(onChain, asset),
    registered === undefined ? "not named" : amountText(registered, asset),
    difference === undefined ? "" : signed(difference, asset),
    usd === undefined ? "unknown" : `${unpriced > 0 ? "≥ " : ""}${formatUsd(usd)}`,
    prices.map(({ day, kind, usd: price }) => `${day} ${kind} ${formatDecimal(price)}`).join(", "),
  ]);
  const columns = [right("Left the victim"), right("Register"), right("Difference"), right("$"), left("Price")];
  return textTable({ columns, rows, totals: 0 }, terminal);
}

function signed(amount: bigint, asset: string): string {
  return amount < 0n ? `−${amountText(0n - amount, asset)}` : `+${amountText(amount, asset)}`;
}

function valueLine({ usd, registered, difference, isComplete }: Verification): string {
  const told =
    registered === undefined ? "the register gives no value" : `the register says ${registeredText(registered)}`;
  if (usd === undefined) return `Value at the theft: unknown, for want of a price; ${told}.\n`;
  const least = isComplete ? "" : "at least ";
  const off =
    difference === undefined || registered === undefined
      ? ""
      : `: ${difference < 0n ? "−" : "+"}${formatHeadline(absUsd(difference))}${percent(difference, registered.usd)}`;
  return `Value at the theft: ${least}${formatHeadline(usd)} by the prices of the day; ${told}${off}.\n`;
}

function registeredText({ usd, basis }: NonNullable<Verification["registered"]>): string {
  return plainText(`${formatHeadline(usd)} (${basis.replace(/\.$/u, "")})`);
}

function percent(part: bigint, whole: bigint): string {
  if (whole <= 0n) return "";
  const tenths: Decimal = { digits: ((part < 0n ? 0n - part : part) * 1_000n + whole / 2n) / whole, scale: 1 };
  return `, ${formatDecimal(tenths)}%`;
}

function some(texts: readonly string[]): string {
  const rest = texts.length - 3;
  return texts.slice(0, 3).join(", ") + (rest > 0 ? ` and ${groupDigits(String(rest))} more` : "");
}

const ruleWords = {
  victim: "what addresses of the victim paid others",
  thief: "what addresses of the thief received",
  others: "what came to others than those who paid, since no address of victim or thief takes part",
} as const;

function rulesLines({ chains }: Verification): readonly string[] {
  const found = chains.flatMap((one) => one.found);
  const byRule = Map.groupBy(found, ({ rule }) => rule);
  const lines = [...byRule].map(
    ([rule, list]) => `Counted, in ${groupDigits(String(list.length))} of them: ${ruleWords[rule]}.\n`,
  );
  const unknown = found.reduce((sum, { unknownInputs }) => sum + unknownInputs, 0);
  if (unknown > 0) {
    lines.push(
      `${groupDigits(String(unknown))} inputs are from before the ledger and of an unknown owner: their change counts as stolen.\n`,
    );
  }
  return lines;
}
