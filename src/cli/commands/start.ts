import { computeLosses } from "../../losses/losses.ts";
import { writeWhole } from "../../io/write-file.ts";
import { readArguments } from "../arguments.ts";
import { readGrouping, readSelection, selectionOptions } from "../losses-options.ts";
import { loadValidRegister } from "../register.ts";
import type { Command } from "../terminal.ts";
import { renderLosses } from "./losses.ts";

/** `fundtrail start` (`npm start`): the losses table, and the same as a report to open in a browser. */
export const start: Command = async (args, terminal) => {
  const options = readArguments(args, { ...selectionOptions, out: { type: "string" } }, 0);
  const by = readGrouping(options);
  const register = await loadValidRegister(options.texts("register"));
  const result = computeLosses(register, readSelection(options, register), by);
  const file = options.text("out") ?? "out/losses.html";
  terminal.out(await renderLosses(register, result, "table", terminal));
  await writeWhole(file, await renderLosses(register, result, "html", terminal));
  terminal.out(`\nReport written to ${file}: open it in a browser.\n`);
  return 0;
};
