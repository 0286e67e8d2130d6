import { Failure } from "../base/failure.ts";
import type { ChainReader } from "../ledger/reader.ts";
import { findReferences } from "../trace/origin.ts";
import { incidentOrigins } from "../trace/theft/incident-chain.ts";
import type { Arguments } from "./arguments.ts";
import { findIncident } from "../incidents/find.ts";
import { loadValidRegister } from "./register.ts";
import { readOrigins } from "./trace-options.ts";

/** What a trace begins with: rows of a chain, and the theft's transactions that the ledger does not hold. */
export type Origin = {
  readonly of: (chain: ChainReader) => { readonly rows: readonly number[]; readonly missing: readonly string[] };
};

/**
 * The origin that is given by `--incident`, or by `--origin` and `--origin-file`.
 *
 * @throws {Failure} `USAGE` where there is none, or both; `UNKNOWN_NAME` for an incident that the register has not.
 */
export async function readOrigin(options: Arguments): Promise<Origin> {
  const id = options.text("incident");
  if (id === undefined) {
    const texts = await readOrigins(options);
    return { of: (chain) => ({ rows: findReferences(chain, texts), missing: [] }) };
  }
  if (options.texts("origin").length > 0 || options.text("origin-file") !== undefined) {
    const what = "--incident says where to begin, and so does --origin";
    throw new Failure("USAGE", { what, mend: "give one of them" });
  }
  const incident = findIncident(await loadValidRegister(options.texts("register")), id);
  return { of: (chain) => incidentOrigins(chain, incident) };
}
