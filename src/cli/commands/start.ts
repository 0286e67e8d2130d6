import type { Command } from "../terminal.ts";
import { serveWith } from "./serve.ts";

/** `fundtrail start` (`npm start`): the pages, on this machine alone, with what there is to look at first. */
export const start: Command = async (args, terminal) =>
  serveWith(args, terminal, {
    log: "warn",
    greeting: (url) => `Fundtrail is at ${url}/ (open it in a browser; Ctrl C ends it)\n`,
  });
