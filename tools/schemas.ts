/** Writes the published JSON Schemas from the types' one definition: `npm run schemas`. */
import { writeFileSync } from "node:fs";
import { schemas } from "../src/incidents/schema.ts";

for (const [name, schema] of Object.entries(schemas)) {
  const document = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:fundtrail:schema:${name}`,
    ...(JSON.parse(JSON.stringify(schema)) as object),
  };
  writeFileSync(
    new URL(`../data/schema/${name}.schema.json`, import.meta.url),
    `${JSON.stringify(document, null, 2)}\n`,
  );
}
