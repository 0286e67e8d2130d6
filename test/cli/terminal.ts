import { run } from "../../src/cli/main.ts";

export type Outcome = { readonly status: number; readonly out: string; readonly error: string };

/** Runs a command line in this process, its output collected. */
export async function fundtrail(...args: readonly string[]): Promise<Outcome> {
  let out = "";
  let error = "";
  const status = await run(args, {
    out: (text) => void (out += text),
    error: (text) => void (error += text),
    drained: async () => Promise.resolve(),
    isTerminal: false,
  });
  return { status, out, error };
}
