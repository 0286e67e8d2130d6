import { api } from "./api.ts";
import type { Verdict } from "./verdict.ts";

/** What is screened. */
export type ScreeningAsked = {
  readonly subject: string;
  /** Alias or CAIP-2; undefined: whichever chain of the ledger it belongs to. */
  readonly chain: string | undefined;
  readonly direction: "deposit" | "withdrawal" | "either";
};

/** A screening as the server keeps it. */
export type Screening = { readonly id: string; readonly created: string; readonly verdict: Verdict };

type Loose = {
  readonly get: (path: string, asked: object) => Promise<Screening>;
  readonly post: (path: string, asked: object) => Promise<Screening>;
};

/** Screens one subject; the server keeps the verdict. */
export async function screenOne(
  { subject, chain, direction }: ScreeningAsked,
  signal?: AbortSignal,
): Promise<Screening> {
  const body = { subject, direction, ...(chain === undefined ? {} : { chain }) };
  return (api() as unknown as Loose).post("/v1/screenings", { body, ...(signal === undefined ? {} : { signal }) });
}

/** A screening that was made before. */
export async function keptScreening(id: string, signal: AbortSignal): Promise<Screening> {
  return (api() as unknown as Loose).get("/v1/screenings/{id}", { params: { id }, signal });
}
