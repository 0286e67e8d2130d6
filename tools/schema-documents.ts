import type { TSchema } from "typebox";
import { schemas } from "../src/incidents/schema.ts";
import { RuleSetFile } from "../src/screen/rules-schema.ts";
import { VerdictDocument } from "../src/screen/verdict-schema.ts";

const all: Readonly<Record<string, TSchema>> = { ...schemas, rules: RuleSetFile, verdict: VerdictDocument };

/** The published JSON Schemas: file → text. */
export function schemaDocuments(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(all).map(([name, schema]) => {
      const document = {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        $id: `urn:fundtrail:schema:${name}`,
        ...(JSON.parse(JSON.stringify(schema)) as object),
      };
      return [`data/schema/${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}
