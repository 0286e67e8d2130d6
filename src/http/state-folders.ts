/** Where a server keeps what, within the folder of its state. */
import path from "node:path";

export function auditFolder(state: string): string {
  return path.join(state, "audit");
}

/** Screenings as they were answered. */
export function screeningsFolder(state: string): string {
  return path.join(state, "screenings");
}

export function tracesFolder(state: string): string {
  return path.join(state, "traces");
}
