/** Writes the README's picture: `npm run picture`. */
import { writeFileSync } from "node:fs";
import { pictureDocument } from "./picture-document.ts";

writeFileSync(new URL("../docs/losses.svg", import.meta.url), await pictureDocument());
