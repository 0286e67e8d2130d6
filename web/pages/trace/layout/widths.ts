const thinnest = 1.5;
const thickest = 12;

/** An edge's width in pixels at zoom 1, by what moved beside what was stolen: half as thick is a quarter of the value. */
export function widthOf(weight: number, origin: number): number {
  if (origin <= 0) return thinnest;
  return Math.min(thickest, Math.max(thinnest, thickest * Math.sqrt(Math.max(0, weight) / origin)));
}

/** Classes of tainted share, each with its own colour; `unknown` where the whole is not known. */
export const shareClasses = ["none", "to10", "to50", "below100", "all", "unknown"] as const;
export type ShareClass = (typeof shareClasses)[number];

/** @param share - 0 to 1. */
export function shareClass(share: number | undefined): ShareClass {
  if (share === undefined) return "unknown";
  if (share <= 0) return "none";
  if (share <= 0.1) return "to10";
  if (share <= 0.5) return "to50";
  return share < 1 ? "below100" : "all";
}
