import type { Actor } from "../tags/actor.ts";
import { readSources } from "./read-sources.ts";
import { RegisterFile, type TextFile } from "./register-file.ts";
import type { ActorFile } from "./schema.ts";

/** Reads one file of `data/actors`; the actor is undefined where the findings hold an error. */
export function readActor(text: TextFile): {
  readonly file: RegisterFile<ActorFile>;
  readonly actor: Actor | undefined;
} {
  const file = new RegisterFile<ActorFile>("actor", text);
  const content = file.content;
  if (content === undefined) return { file, actor: undefined };
  if (!text.path.endsWith(`/${content.id}.yaml`)) {
    file.error(["id"], `the id "${content.id}" differs from the file's name`, "name the file after the id");
  }
  const actor: Actor = {
    id: content.id,
    name: content.name,
    parent: content.parent,
    kind: content.kind,
    attack: content.attack,
    aliases: content.aliases ?? [],
    notes: content.notes,
    sources: readSources(content.sources),
  };
  return { file, actor };
}
