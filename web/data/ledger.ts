import { api, type AnswerOf, type Contract } from "./api.ts";
import { useAnswer, type Asked } from "./use-answer.ts";

export type Ledger = AnswerOf<Contract["getLedger"]>;

/** What the ledger holds; fails with `NO_LEDGER` where the server has the register alone. */
export function useLedger(): Asked<Ledger> {
  return useAnswer("ledger", async (signal) => api().get("/v1/ledger", { signal }));
}

/** Whether anything in the ledger is made up. Then every page says so. */
export function useSimulated(): boolean {
  const asked = useLedger();
  return "value" in asked && isSimulated(asked.value);
}

export function isSimulated(ledger: Ledger): boolean {
  return ledger.chains.some(({ simulated }) => simulated);
}

export type Ingest = NonNullable<AnswerOf<Contract["getIngest"]>["ingest"]>;

/** The ingest that runs into the ledger, or the last one; null where none left word. */
export function useIngest(): Asked<Ingest | null> {
  return useAnswer("ingest", async (signal) => (await api().get("/v1/ledger/ingest", { signal })).ingest);
}

/** The register's SHA-256; undefined until it is known. A server without a ledger tells it with its losses alone. */
export function useRegisterDigest(): string | undefined {
  const ledger = useLedger();
  const isWithout = ledger.state === "failed" && ledger.error.kind === "problem" && ledger.error.status === 404;
  const losses = useAnswer(isWithout ? "register digest" : undefined, async (signal) => {
    const { register } = await api().get("/v1/losses", { query: { by: "year" }, signal });
    return (register as { readonly sha256: string }).sha256;
  });
  if ("value" in ledger) return ledger.value.register;
  return "value" in losses ? losses.value : undefined;
}
