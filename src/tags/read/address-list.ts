import { linesOf } from "./lines.ts";
import { sanctionsListCode } from "./ofac-words.ts";
import type { ChainHint, ReadTags, TagInput } from "./tag-input.ts";

/**
 * Reads a list of addresses, one a line; empty lines and those that begin with # are left out. What it says of them, the
 * user says, or the file's name (`sanctioned_addresses_XBT.txt`, as the lists made of OFAC's are named).
 */
export const readAddressList: ReadTags = async (file, sink) => {
  const shared = listFields(file.name);
  let line = 0;
  for await (const lines of linesOf(file.path, file.open())) {
    for (const text of lines) {
      line += 1;
      const address = text.trim();
      if (address === "" || address.startsWith("#")) continue;
      sink.tag({ line, ...shared, subject: { kind: "address", text: address, chain: shared.chain } });
    }
    await sink.rest();
  }
};

/** What the name of a list says of the addresses in it. */
export function listFields(name: string): Partial<TagInput> & { readonly chain: ChainHint } {
  const code = sanctionsListCode(name);
  if (code === undefined) return { chain: { kind: "form" } };
  return {
    chain: { kind: "code", code },
    label: "Address on a sanctions list",
    category: "user",
    abuse: "sanction",
    confidence: "authority_data",
    sourceName: "OFAC SDN list",
    url: "https://home.treasury.gov/policy-issues/financial-sanctions/specially-designated-nationals-and-blocked-persons-list-sdn-human-readable-lists",
  };
}
