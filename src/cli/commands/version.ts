import manifest from "../../../package.json" with { type: "json" };
import type { Command } from "../terminal.ts";

/** `fundtrail version`. */
export const version: Command = async (_args, terminal) => {
  terminal.out(`${manifest.version}\n`);
  return Promise.resolve(0);
};
