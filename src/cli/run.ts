/** The program: the one file that knows the process's arguments, streams and exit status. */
import { run } from "./main.ts";

// A reader that has seen enough (`fundtrail losses | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
});
