import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Failure } from "../../base/failure.ts";
import { errnoWords } from "../../io/errno.ts";
import { openTagReader } from "../../tags/open-tag-reader.ts";
import { Screen } from "../../screen/screen.ts";
import type { Direction } from "../../screen/rules.ts";
import { priceRule } from "../../trace/price-rule.ts";
import { oneOf, readArguments } from "../arguments.ts";
import { chosenChain, withLedger } from "../clusters/opened.ts";
import { jsonText } from "../json-text.ts";
import { progressLine } from "../progress.ts";
import { loadValidRegister } from "../register.ts";
import { loadRules } from "../screen/rules-file.ts";
import { verdictJson, verdictText } from "../screen/verdict-text.ts";
import type { Command, Terminal } from "../terminal.ts";

const text = { type: "string" } as const;
const known = {
  ledger: text,
  chain: text,
  file: text,
  direction: text,
  policy: text,
  rules: text,
  register: { ...text, multiple: true },
  json: { type: "boolean" },
} as const;
const directions = ["deposit", "withdrawal"] as const;

/** `fundtrail screen ADDRESS|TX`. */
export const screen: Command = async (args, terminal) => {
  const options = readArguments(args, known, 1);
  const [subject] = options.words;
  const file = options.text("file");
  if ((subject === undefined) === (file === undefined)) {
    throw new Failure("USAGE", {
      what: "screen takes an address or a transaction, or --file FILE",
      mend: "give one of them",
    });
  }
  const direction = oneOf(directions, options.text("direction") ?? "deposit", "--direction");
  const policy =
    options.text("policy") === undefined
      ? undefined
      : oneOf(["fifo", "haircut"], options.text("policy") ?? "", "--policy");
  const rules = await loadRules(options.text("rules"));
  const register = await loadValidRegister(options.texts("register"));
  return withLedger(options, async ({ ledger, folder }) => {
    const reader = chosenChain(ledger, options, folder);
    const tags = openTagReader(reader.snapshot, register.actors, folder);
    const screening = new Screen(reader, { tags, rules, price: priceRule(register.prices), policy });
    if (file !== undefined) await batch(screening, { file, direction, terminal });
    else {
      const verdict = screening.screen(subject ?? "", direction);
      terminal.out(options.flag("json") ? jsonText(verdictJson(verdict)) : verdictText(verdict));
    }
    return 0;
  });
};

/** Verdicts as JSON lines, in the order of the file, each as soon as it is known. */
async function batch(
  screening: Screen,
  { file, direction, terminal }: { readonly file: string; readonly direction: Direction; readonly terminal: Terminal },
): Promise<void> {
  const progress = progressLine(terminal);
  let [line, done] = [0, 0];
  try {
    for await (const written of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
      line += 1;
      const asked = readLine(file, written, line, direction);
      if (asked === undefined) continue;
      terminal.out(`${JSON.stringify(verdictJson(screening.screen(asked.subject, asked.direction)))}\n`);
      done += 1;
      progress.show(done, undefined, (rate) => `screened ${done}, ${rate}`);
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).syscall === undefined) throw thrown;
    throw new Failure("SOURCE_UNREADABLE", { source: file, why: errnoWords(thrown), mend: "check the path" }, thrown);
  }
  progress.end();
}

function readLine(
  source: string,
  written: string,
  line: number,
  otherwise: Direction,
): { readonly subject: string; readonly direction: Direction } | undefined {
  const content = written.replace(/^\uFEFF/u, "").trim();
  if (content === "") return undefined;
  if (!content.startsWith("{")) {
    const subject = (content.split(",", 1)[0] ?? "").replaceAll('"', "").trim();
    const isHeader = line === 1 && ["address", "tx", "txid", "subject"].includes(subject.toLowerCase());
    return isHeader ? undefined : { subject, direction: otherwise };
  }
  const invalid = (why: string): Failure =>
    new Failure("SOURCE_INVALID", {
      source,
      where: `line ${line}`,
      why,
      mend: 'write {"subject":"ADDRESS or TXID","direction":"deposit"}',
    });
  let value: { readonly subject?: unknown; readonly direction?: unknown };
  try {
    value = JSON.parse(content) as typeof value;
  } catch {
    throw invalid("it is no JSON");
  }
  const direction = directions.find((word) => word === (value.direction ?? otherwise));
  if (typeof value.subject !== "string" || value.subject === "") throw invalid("it has no subject");
  if (direction === undefined) throw invalid("its direction is neither deposit nor withdrawal");
  return { subject: value.subject, direction };
}
