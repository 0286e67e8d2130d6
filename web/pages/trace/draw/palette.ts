import type { ServiceKind } from "../../../base/service-kinds.ts";
import type { ShareClass } from "../layout/widths.ts";

export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** The colours of a picture: those of the pages' marks, since what is exported has no style sheet. */
export type Palette = {
  readonly surface: string;
  readonly text: string;
  readonly text2: string;
  readonly muted: string;
  readonly line: string;
  readonly focus: string;
  readonly selected: string;
  readonly simulated: string;
  readonly flagged: string;
  readonly share: Readonly<Record<ShareClass, string>>;
  readonly service: Readonly<Record<ServiceKind, string>>;
};

const light: Palette = {
  surface: "#ffffff",
  text: "#161b22",
  text2: "#465160",
  muted: "#5b6675",
  line: "#d5dae1",
  focus: "#0b57d0",
  selected: "#e3edfd",
  simulated: "#5b3fa8",
  flagged: "#b3261e",
  share: {
    none: "#6b7684",
    to10: "#ac6438",
    to50: "#a73e05",
    below100: "#921c02",
    all: "#6e0308",
    unknown: "#6b7684",
  },
  service: {
    exchange: "#397bf4",
    mixer: "#7b37b2",
    bridge: "#1d7069",
    defi: "#8c8c06",
    other: "#3b4751",
    sanctioned: "#b964a2",
    theft: "#b13f2f",
    illicit: "#593d04",
  },
};

const dark: Palette = {
  surface: "#181e26",
  text: "#e8ecf1",
  text2: "#b4bdc9",
  muted: "#98a3b1",
  line: "#303946",
  focus: "#8ab4ff",
  selected: "#1d3357",
  simulated: "#c3b0ff",
  flagged: "#ff9d94",
  share: {
    none: "#8d98a6",
    to10: "#c77758",
    to50: "#f18755",
    below100: "#fbae68",
    all: "#fada99",
    unknown: "#8d98a6",
  },
  service: {
    exchange: "#4582ee",
    mixer: "#cca7fd",
    bridge: "#1abf9f",
    defi: "#83e583",
    other: "#d8dde2",
    sanctioned: "#b9649a",
    theft: "#d84d33",
    illicit: "#d49a0b",
  },
};

export const palettes: Readonly<Record<Theme, Palette>> = { light, dark };
