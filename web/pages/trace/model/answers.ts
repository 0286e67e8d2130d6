/** What the server answers of a trace, by its contract. */
import type { AnswerOf, Contract } from "../../../data/api.ts";

export type GraphAnswer = AnswerOf<Contract["getTraceGraph"]>;
