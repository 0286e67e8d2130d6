import { api } from "./api.ts";
import type { Actor, Incident } from "./register-types.ts";
import { useAnswer, type Asked } from "./use-answer.ts";

const pageSize = 500;

/** Every theft of the register, in order of date. */
export function useIncidents(): Asked<readonly Incident[]> {
  return useAnswer("incidents", async (signal) => {
    const all: Incident[] = [];
    for (let cursor: string | undefined; ;) {
      const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
      const { incidents, next } = await api().get("/v1/incidents", { query, signal });
      all.push(...(incidents as unknown as readonly Incident[]));
      if (next === null) return all;
      cursor = next;
    }
  });
}

export function useIncident(id: string): Asked<Incident> {
  return useAnswer(
    `incident ${id}`,
    async (signal) => (await api().get("/v1/incidents/{id}", { params: { id }, signal })) as unknown as Incident,
  );
}

/** Every actor of the register. */
export function useActors(): Asked<readonly Actor[]> {
  return useAnswer("actors", async (signal) => {
    const { actors } = await api().get("/v1/actors", { query: { limit: pageSize }, signal });
    return actors;
  });
}

/** An actor's name; its id until the register has answered. */
export function useActorName(): (id: string) => string {
  const asked = useActors();
  const names = new Map(("value" in asked ? asked.value : []).map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
