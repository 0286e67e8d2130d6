/** Writes the published JSON Schemas from the types' one definition: `npm run schemas`. */
import { writeFileSync } from "node:fs";
import { schemaDocuments } from "./schema-documents.ts";

for (const [file, text] of schemaDocuments()) writeFileSync(new URL(`../${file}`, import.meta.url), text);
