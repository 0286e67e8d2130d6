/** Puts the register beside the built program, part of `npm run build`. */
import { cpSync } from "node:fs";

cpSync(new URL("../data", import.meta.url), new URL("../dist/data", import.meta.url), { recursive: true });
