/** The program: the one file that knows the process's arguments, streams and exit status. */
import { once } from "node:events";
import { errnoWords } from "../io/errno.ts";
import { run } from "./main.ts";

// A reader that has seen enough (`fundtrail losses | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`fundtrail: cannot write the output: ${errnoWords(error)}; what was printed is not whole\n`);
  process.exit(1);
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
  },
  isTerminal: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
});
