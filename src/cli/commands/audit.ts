import path from "node:path";
import { Failure } from "../../base/failure.ts";
import { auditFolder } from "../../http/state-folders.ts";
import { verifyChain, type Seal } from "../../io/chained-log.ts";
import { oneOf, readArguments, type Arguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { requiredState } from "../server/state.ts";
import { plainText } from "../table.ts";
import type { Command, Terminal } from "../terminal.ts";

const common = { ledger: { type: "string" }, state: { type: "string" }, json: { type: "boolean" } } as const;
const forRerun = {
  register: { type: "string", multiple: true },
  rules: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  id: { type: "string", multiple: true },
} as const;

/** `fundtrail audit verify | rerun`. */
export const audit: Command = async (args, terminal) => {
  const isRerun = args.includes("rerun");
  const options = readArguments(args, { ...common, ...(isRerun ? forRerun : { head: { type: "string" } }) }, 1);
  const word = oneOf(["verify", "rerun"], options.words[0] ?? "", "fundtrail audit");
  // Only this one needs a ledger.
  return word === "verify" ? verify(options, terminal) : (await import("../server/rerun.ts")).rerun(options, terminal);
};

/** Whether the audit log is what was written; 1 where it is not. */
async function verify(options: Arguments, terminal: Terminal): Promise<number> {
  const folder = auditFolder(requiredState(options));
  const { head, findings, isCutShort } = await verifyChain(folder, readSeal(options.text("head")));
  const file = path.join(folder, "audit.jsonl");
  if (options.flag("json")) {
    terminal.out(jsonText({ file, head, findings, unfinished: isCutShort }));
  } else {
    for (const { line, what } of findings) terminal.out(`${plainText(`${file}:${line}: ${what}`)}\n`);
    if (isCutShort)
      terminal.out("The last line is unfinished: nobody was told that it was kept; the next start removes it.\n");
    const state = findings.length === 0 ? "whole" : `${findings.length} findings`;
    terminal.out(`${head.seq} lines, ${state}. Keep ${head.seq}:${head.hash} elsewhere, for --head.\n`);
  }
  return findings.length === 0 ? 0 : 1;
}

function readSeal(text: string | undefined): Seal | undefined {
  if (text === undefined) return undefined;
  const { seq, hash } = /^(?<seq>[0-9]{1,15}):(?<hash>[0-9a-f]{64})$/u.exec(text)?.groups ?? {};
  if (seq === undefined || hash === undefined) {
    throw new Failure("USAGE", {
      what: `--head "${text}" is no line's number and hash`,
      mend: "give it as verify prints it",
    });
  }
  return { seq: Number(seq), hash };
}
