import { Failure } from "../base/failure.ts";
import { nearest } from "../base/nearest.ts";
import type { Incident } from "./incident.ts";
import type { PublishedSet } from "./published-set.ts";
import type { Register } from "./register.ts";

/**
 * The incident of an id.
 *
 * @throws {Failure} `UNKNOWN_NAME`, with those that are alike.
 */
export function findIncident(register: Register, id: string): Incident {
  const found = register.incidents.find((one) => one.id === id);
  if (found !== undefined) return found;
  const ids = register.incidents.map((one) => one.id);
  const alike = ids.filter((known) => known.includes(id)).slice(0, 5);
  const mend =
    alike.length > 0 ? `did you mean ${alike.join(" or ")}?` : nearest(id, ids, "see fundtrail incident list");
  throw new Failure("UNKNOWN_NAME", { kind: "incident", name: id, where: "the register", mend });
}

/**
 * The published set of an id.
 *
 * @throws {Failure} `UNKNOWN_NAME`.
 */
export function findPublished(register: Register, id: string): PublishedSet {
  const set = register.published.get(id);
  if (set !== undefined) return set;
  const mend = nearest(id, [...register.published.keys()], "fundtrail reconcile lists them");
  throw new Failure("UNKNOWN_NAME", { kind: "published set", name: id, where: "reconcile", mend });
}
