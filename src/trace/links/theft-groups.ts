import { Failure } from "../../base/failure.ts";

/** Origins of one theft, under the name that it is given. */
export type TheftGroup = { readonly id: string; readonly references: readonly string[]; readonly line: number };

/**
 * Reads origins of several thefts: a line `[ID]` begins a theft, the lines below it are its references, as in an origins
 * file; what follows a `#` is a remark.
 *
 * @param source - The file's name, for messages.
 * @throws {Failure} `SOURCE_INVALID` with the line: a reference before the first `[ID]`, an id given twice or none, a theft
 *   without references.
 */
export function readTheftGroups(source: string, text: string): readonly TheftGroup[] {
  const groups: { id: string; references: string[]; line: number }[] = [];
  const invalid = (line: number, why: string, mend: string): Failure =>
    new Failure("SOURCE_INVALID", { source, where: line === 0 ? "" : `line ${line}`, why, mend });
  for (const [index, written] of text.split("\n").entries()) {
    const line = index + 1;
    const content = (written.split("#", 1)[0] ?? "").trim();
    if (content === "") continue;
    const id = /^\[(?<id>[^\][]*)\]$/u.exec(content)?.groups?.["id"]?.trim();
    if (id !== undefined) {
      if (id === "") throw invalid(line, "the theft has no id", "write [ID]");
      if (groups.some((one) => one.id === id)) throw invalid(line, `${id} is given twice`, "give each theft once");
      groups.push({ id, references: [], line });
      continue;
    }
    const group = groups.at(-1);
    if (group === undefined) throw invalid(line, "a reference belongs to no theft", "write [ID] in a line above it");
    const references = content.split(",").map((one) => one.trim());
    group.references.push(...references.filter((one) => one !== ""));
  }
  const empty = groups.find(({ references }) => references.length === 0);
  if (empty !== undefined)
    throw invalid(empty.line, `${empty.id} has no references`, "write TXID:INDEX in the lines below");
  if (groups.length === 0) throw invalid(0, "the file names no theft", "write [ID] and its references below");
  return groups;
}
