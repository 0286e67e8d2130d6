import path from "node:path";
import { Failure } from "../../base/failure.ts";
import { auditFolder } from "../../http/serve.ts";
import { verifyChain, type Seal } from "../../io/chained-log.ts";
import { oneOf, readArguments } from "../arguments.ts";
import { jsonText } from "../json-text.ts";
import { requiredState } from "../server/state.ts";
import { plainText } from "../table.ts";
import type { Command } from "../terminal.ts";

/** `fundtrail audit verify`: whether the audit log is what was written; 1 where it is not. */
export const audit: Command = async (args, terminal) => {
  const options = readArguments(
    args,
    { ledger: { type: "string" }, state: { type: "string" }, head: { type: "string" }, json: { type: "boolean" } },
    1,
  );
  oneOf(["verify"], options.words[0] ?? "", "fundtrail audit");
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
};

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
