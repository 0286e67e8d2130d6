import { nearest } from "../../base/nearest.ts";
import { Failure } from "../../base/failure.ts";
import { readArguments } from "../arguments.ts";
import { check } from "../tags/check.ts";
import { exportTags } from "../tags/export.ts";
import { importTags } from "../tags/import.ts";
import { list } from "../tags/list.ts";
import { remark } from "../tags/remark.ts";
import { selectOptions } from "../tags/select.ts";
import { show } from "../tags/show.ts";
import type { Command } from "../terminal.ts";

const text = { type: "string" } as const;
const common = { ledger: text, json: { type: "boolean" } } as const;
const resolving = { ...common, register: { type: "string", multiple: true } } as const;
const remarking = { ...resolving, chain: text, incident: text, tag: text, by: text, why: text } as const;
const correcting = { label: text, category: text, abuse: text, actor: text, confidence: text } as const;

const actions = ["import", "show", "list", "export", "dispute", "correct", "support", "check"] as const;
const filesMax = 100_000;

/** `fundtrail tags import | show | list | export | dispute | correct | support | check`. */
export const tags: Command = async (args, terminal) => {
  const [word, ...rest] = args;
  const action = actions.find((known) => known === word);
  switch (action) {
    case "import": {
      const options = {
        ...common,
        format: text,
        set: text,
        chain: text,
        label: text,
        category: text,
        confidence: text,
        source: text,
        url: text,
        licence: text,
        vanishing: text,
        findings: text,
      };
      const given = readArguments(rest, options, filesMax);
      return importTags(given, given.words, terminal);
    }
    case "show": {
      const given = readArguments(rest, { ...resolving, chain: text, incident: text }, 1);
      return show(given, given.words[0], terminal);
    }
    case "list":
      return list(readArguments(rest, { ...resolving, ...selectOptions, limit: text }, 0), terminal);
    case "export":
      return exportTags(readArguments(rest, { ...resolving, ...selectOptions, format: text, out: text }, 0), terminal);
    case "dispute":
    case "correct":
    case "support": {
      const options = readArguments(rest, { ...remarking, ...correcting }, 1);
      return remark(action, { options, word: options.words[0], terminal });
    }
    case "check":
      return check(readArguments(rest, resolving, 0), terminal);
    case undefined: {
      const what =
        word === undefined || word.startsWith("-") ? "tags needs an action" : `unknown action "${word}" of tags`;
      const mend = nearest(word ?? "", actions, `use one of ${actions.join(", ")}`);
      throw new Failure("USAGE", { what, mend });
    }
    default:
      return action satisfies never;
  }
};
