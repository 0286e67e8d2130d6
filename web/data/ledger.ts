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
