import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { UnpackedBrowser } from "./unpack.ts";

const modules = path.resolve(import.meta.dirname, "../../../node_modules");

/**
 * Writes what tells the browser where fonts are: those of npm packages first, so that pages look alike on every machine,
 * also on one without fonts and where text is Japanese.
 *
 * @returns The file, for `FONTCONFIG_FILE`.
 */
export function writeFontsFile({ folder, fonts }: UnpackedBrowser): string {
  const weights = ["400Regular", "700Bold"];
  const packages = ["noto-sans-jp", "noto-sans-mono"];
  const folders = packages.flatMap((name) =>
    weights.map((weight) => path.join(modules, "@expo-google-fonts", name, weight)),
  );
  const prefer = (family: string, preferred: string): string =>
    `<alias binding="strong"><family>${family}</family><prefer><family>${preferred}</family></prefer></alias>`;
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    "<fontconfig>",
    ...[...folders, fonts].map((place) => `<dir>${place}</dir>`),
    `<cachedir>${path.join(folder, "fonts-cache")}</cachedir>`,
    prefer("system-ui", "Open Sans"),
    prefer("sans-serif", "Open Sans"),
    prefer("monospace", "Noto Sans Mono"),
    "</fontconfig>",
  ];
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "fonts.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
