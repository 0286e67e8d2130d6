import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const sheet = readFileSync(path.join(import.meta.dirname, "tokens.css"), "utf8");
const tokens = new Map(
  [...sheet.matchAll(/--(?<name>[-a-z0-9]+): light-dark\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\)/gu)].map(
    ({ groups }) => [groups?.["name"] ?? "", { light: groups?.["light"] ?? "", dark: groups?.["dark"] ?? "" }],
  ),
);
const colour = (name: string, theme: "light" | "dark"): string => tokens.get(name)?.[theme] ?? "";

/** By WCAG 2.2. */
function ratio(left: string, right: string): number {
  const luminance = (hex: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(left), luminance(right)].toSorted((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["page", "surface", "selected"];
const lowest = (name: string, theme: "light" | "dark"): number =>
  Math.min(...grounds.map((ground) => ratio(colour(name, theme), colour(ground, theme))));

describe.each(["light", "dark"] as const)("colours, %s", (theme) => {
  it("of text are at 4.5 on every ground", () => {
    for (const name of ["text", "text-2", "muted", "link", "flagged", "clear", "unknown", "simulated"]) {
      expect([name, lowest(name, theme) >= 4.5]).toEqual([name, true]);
    }
    for (const name of ["flagged", "clear", "unknown"]) {
      expect(ratio(colour(name, theme), colour(`${name}-tint`, theme))).toBeGreaterThanOrEqual(4.5);
    }
    expect(ratio(colour("on-link", theme), colour("link", theme))).toBeGreaterThanOrEqual(4.5);
  });
  it("of marks are at 3 on every ground", () => {
    const marks = [
      "control",
      "exchange",
      "mixer",
      "bridge",
      "defi",
      "service",
      "sanctioned",
      "theft",
      "illicit",
      "untold",
    ];
    for (const name of [...marks, "taint-0", "taint-10", "taint-50", "taint-99", "taint-100"]) {
      expect([name, lowest(name, theme) >= 3]).toEqual([name, true]);
    }
  });
});

it("the ratios are the specification's", () => {
  expect(ratio("#161b22", "#ffffff")).toBeCloseTo(17.3, 1);
  expect(lowest("muted", "dark")).toBeCloseTo(4.93, 1);
  expect(tokens.size).toBeGreaterThan(35);
});
