/** What the server answers of a trace, by its contract. */
import type { AnswerOf, Contract } from "../../../data/api.ts";

export type GraphAnswer = AnswerOf<Contract["getTraceGraph"]>;
export type Summary = AnswerOf<Contract["getTraceSummary"]>;
export type Job = AnswerOf<Contract["getTrace"]>;
export type PathsAnswer = AnswerOf<Contract["getTracePath"]>;
export type PathAnswer = PathsAnswer["paths"][number];
export type Destination = AnswerOf<Contract["listTraceDestinations"]>["destinations"][number];
