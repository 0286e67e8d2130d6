import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { folderOf, incidentText } from "./fixtures.ts";

/** Writes a register with one theft, of which this stands on chain, into a folder; the folder. */
export function writeRegister(folder: string, chain: string): string {
  for (const part of ["incidents", "actors", "published", "prices"])
    mkdirSync(path.join(folder, part), { recursive: true });
  const { actors, published, prices } = folderOf();
  for (const file of [...actors, ...published, ...prices])
    writeFileSync(path.join(folder, file.path.slice(2)), file.text);
  const text = incidentText.replace(/^chain:\n(?: .*\n)*/mu, "");
  writeFileSync(path.join(folder, "incidents/2020-03-04-example.yaml"), `${text}${chain}`);
  return folder;
}
